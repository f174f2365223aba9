/** The first of those that have the same key, in their order. */
export function distinctBy<T>(things: readonly T[], keyOf: (thing: T) => string): T[] {
  const first = new Map<string, T>()
  for (const thing of things) {
    const key = keyOf(thing)
    if (!first.has(key)) first.set(key, thing)
  }
  return [...first.values()]
}
