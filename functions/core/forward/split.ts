import { graphemes } from '../grapheme.ts'

/** UTF-16 units of one text message. */
const maxText = 5000

/**
 * The text as parts of at most 5,000 UTF-16 units. Cut after a line where that leaves parts at least half full, else
 * between graphemes; spaces at a cut go.
 */
export function split(text: string): string[] {
  const parts: string[] = []
  let rest = text
  while (rest.length > maxText) {
    const cut = cutOf(rest)
    parts.push(rest.slice(0, cut).trimEnd())
    rest = rest.slice(cut).trimStart()
  }
  return [...parts, rest].filter((part) => part !== '')
}

function cutOf(text: string): number {
  const line = text.lastIndexOf('\n', maxText - 1) + 1
  return line > maxText / 2 ? line : graphemeCut(text)
}

/** Longer than any grapheme that a person writes; one that is longer still is cut in the middle. */
const tail = 100

/** Only the end is looked at: graphemes that begin within the limit but do not end there go to the next part. */
function graphemeCut(text: string): number {
  let cut = maxText - tail
  for (const grapheme of graphemes(text.slice(cut, maxText + tail))) {
    if (cut + grapheme.length > maxText) break
    cut += grapheme.length
  }
  // A part must not be cut within a pair of surrogates even where one grapheme is longer than all that was looked at.
  return text.slice(0, cut).isWellFormed() ? cut : cut - 1
}
