import { countGraphemes, graphemes } from '../grapheme.ts'
import { type Piece, piecesOf } from './placeholder.ts'

const ellipsis = '…'

/** At most `max` UTF-16 units, cut between graphemes, with … where something is missing. */
export function cutToUnits(text: string, max: number): string {
  if (text.length <= max) return text
  return taken(graphemes(text), max - ellipsis.length) + ellipsis
}

/** At most `max` grapheme clusters, with … where something is missing. */
export function cutToGraphemes(text: string, max: number): string {
  // No text has more of them than UTF-16 units, so most are never counted.
  if (text.length <= max || countGraphemes(text) <= max) return text
  return graphemes(text)
    .slice(0, max - 1)
    .concat(ellipsis)
    .join('')
}

/** As cutToUnits, but a textV2's placeholders and doubled braces stay whole or go. */
export function cutPlaceholders(text: string, max: number): string {
  if (text.length <= max) return text
  return taken(piecesOf(text).flatMap(unitsOf), max - ellipsis.length) + ellipsis
}

const unitsOf = (piece: Piece): string[] =>
  'key' in piece || /^[{}]/.test(piece.source) ? [piece.source] : graphemes(piece.source)

function taken(parts: readonly string[], max: number): string {
  let length = 0
  const end = parts.findIndex((part) => {
    length += part.length
    return length > max
  })
  return parts.slice(0, end < 0 ? undefined : end).join('')
}
