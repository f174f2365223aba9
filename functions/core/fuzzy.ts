/** Edits that a keyword of this many graphemes forgives: a shorter word would become another word. */
export const editsAllowed = (graphemeCount: number): 0 | 1 | 2 => (graphemeCount < 4 ? 0 : graphemeCount < 8 ? 1 : 2)

/**
 * Edits between two words, or undefined when there are more than `limit`. An edit is one grapheme added, left out or
 * replaced, or two neighbours swapped (the commonest slip of all; no grapheme is edited twice: the "optimal string
 * alignment" form of Damerau's distance).
 */
export function editDistance(a: readonly string[], b: readonly string[], limit: number): number | undefined {
  if (Math.abs(a.length - b.length) > limit) return undefined
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row++) {
    const current = nextRow(a, b, row, last, beforeLast)
    if (Math.min(...current) > limit) return undefined
    beforeLast = last
    last = current
  }
  const distance = last[b.length] ?? 0
  return distance > limit ? undefined : distance
}

function nextRow(a: readonly string[], b: readonly string[], row: number, last: number[], beforeLast: number[]) {
  const current = [row]
  for (let column = 1; column <= b.length; column++) {
    const replaced = cell(last, column - 1) + (a[row - 1] === b[column - 1] ? 0 : 1)
    const swapped =
      row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]
        ? cell(beforeLast, column - 2) + 1
        : Infinity
    current.push(Math.min(cell(last, column) + 1, cell(current, column - 1) + 1, replaced, swapped))
  }
  return current
}

const cell = (row: readonly number[], column: number) => row[column] ?? Infinity
