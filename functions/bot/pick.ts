/** Which of `count` things: evenly spread over seeds, and the same for the same seed, so that a retry says the same. */
export type Choice = (seed: string, count: number) => number

/** FNV-1a, 32 bits, with both halves mixed, because its low bits alone depend on the low bits of the seed. */
export const pick: Choice = (seed, count) => {
  let hash = 0x811c9dc5
  for (const byte of Buffer.from(seed)) hash = Math.imul(hash ^ byte, 0x01000193)
  return ((hash ^ (hash >>> 16)) >>> 0) % count
}
