/**
 * True once per key in `everyMs`, so that what strangers do cannot fill a disk with log lines. Every key is kept:
 * give it only names that exist.
 */
export function makeQuiet(everyMs: number, now: () => number): (key: string) => boolean {
  const spokenAt = new Map<string, number>()
  return (key) => {
    if (now() - (spokenAt.get(key) ?? Number.NEGATIVE_INFINITY) < everyMs) return false
    spokenAt.set(key, now())
    return true
  }
}
