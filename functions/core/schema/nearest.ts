/** The name that was probably meant: the same but for case, or at most a third of it apart. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const near = known
    .map((one) => ({ one, distance: editsBetween(name.toLowerCase(), one.toLowerCase()) }))
    .filter(({ one, distance }) => distance <= Math.ceil(Math.min(one.length, name.length) / 3))
  return near.toSorted((a, b) => a.distance - b.distance)[0]?.one
}

/** “; did you mean X?”, or what there is where nothing is near. */
export function hint(name: string, known: readonly string[]): string {
  const meant = nearest(name, known)
  if (meant !== undefined) return `; did you mean ${meant}?`
  return known.length > 0 ? `; known here: ${known.join(', ')}` : ''
}

/** Levenshtein's, in UTF-16 units; names longer than any of ours are far from all of them. */
function editsBetween(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 8) return 99
  let row = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (const [index, letter] of [...a].entries()) {
    const next = [index + 1]
    for (let column = 1; column <= b.length; column++) {
      const changed = (row[column - 1] ?? 0) + (letter === b[column - 1] ? 0 : 1)
      next.push(Math.min(changed, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
