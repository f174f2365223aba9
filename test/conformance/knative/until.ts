import { setTimeout as sleep } from 'node:timers/promises'

/** Asks until there is an answer other than undefined or false; throws after `seconds`. */
export async function until<T>(
  wanted: string,
  seconds: number,
  look: () => Promise<T | undefined | false> | T | undefined | false,
): Promise<T> {
  const end = performance.now() + seconds * 1000
  for (;;) {
    const found = await look()
    if (found !== undefined && found !== false) return found
    if (performance.now() > end) throw new Error(`not within ${seconds} s: ${wanted}`)
    await sleep(10)
  }
}
