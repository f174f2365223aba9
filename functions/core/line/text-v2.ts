import type { Problem } from '../problem.ts'
import { isObject, type Json } from '../shape.ts'
import { leastOf } from '../template.ts'
import { isGiven, type Shape, typed } from './check.ts'
import { keyForm, type Piece, piecesOf } from './placeholder.ts'
import { filled } from './string.ts'
import { emoji, wholeText } from './text.ts'

const maxSubstitutions = 100
/** In one message; mentions and emoji are counted apart. */
const maxOfOneType = 20

const mentionee = typed('mentionee', {
  user: { name: 'a mentioned user', required: { userId: filled } },
  all: { name: 'a mention of all' },
})
const substitute = typed('substitution', {
  mention: { name: 'a mention', required: { mentionee } },
  emoji: { name: 'an emoji', required: emoji },
})

/**
 * LINE replaces each `{key}` by what `substitution` has for it. Our own templates are filled in before LINE sees the
 * text, each value with its braces doubled, as LINE escapes them. So `{{user.displayName}}` is ours, `{who}` is
 * LINE's, and a literal brace is a template of its own: `{{'{'}}`.
 */
export const textV2: Shape = {
  name: 'a textV2 message',
  required: { text: wholeText },
  optional: { substitution: substitutions, quoteToken: filled },
  also: placeholdersAreFilled,
}

function substitutions(value: unknown, path: string, problems: Problem[]): void {
  if (!isObject(value)) return void problems.push({ path, message: 'a substitution is an object' })
  const entries = Object.entries(value)
  if (entries.length > maxSubstitutions) {
    problems.push({ path, message: `${entries.length} substitutions, at most ${maxSubstitutions}` })
  }
  for (const [key, inside] of entries) {
    if (!keyForm.test(key)) problems.push({ path: `${path}[${key}]`, message: badKey(key) })
    else substitute(inside, `${path}.${key}`, problems)
  }
}

const badKey = (key: string) => `${JSON.stringify(key)} is not 1–20 letters, digits and _`

function placeholdersAreFilled({ text, substitution }: Json, path: string, problems: Problem[]): void {
  if (typeof text !== 'string') return
  const given = isObject(substitution) ? substitution : {}
  const pieces = piecesOf(leastOf(text, 'placeholders'))
  const keys = pieces.flatMap((piece) => ('key' in piece ? [piece.key] : []))
  for (const message of wrongPieces(pieces, given)) problems.push({ path: `${path}.text`, message })
  for (const key of Object.keys(given)) {
    if (keys.includes(key) || !keyForm.test(key)) continue
    problems.push({
      path: `${path}.substitution.${key}`,
      message: `text has no {${key}}: write it there, or leave it out`,
    })
  }
  atMostOfOneType(keys, given, `${path}.substitution`, problems)
}

function wrongPieces(pieces: readonly Piece[], given: Json): Set<string> {
  const wrong = new Set<string>()
  for (const piece of pieces) {
    if ('stray' in piece)
      wrong.add(`a ${piece.source} stands alone; a literal ${piece.source} is {{'${piece.source}'}}`)
    if (!('key' in piece)) continue
    if (!keyForm.test(piece.key))
      wrong.add(`{${piece.key}} is no placeholder: ${badKey(piece.key)}; a literal { is {{'{'}}`)
    else if (!Object.hasOwn(given, piece.key) || !isGiven(given[piece.key])) {
      wrong.add(`{${piece.key}} has no substitution; a literal { is {{'{'}}`)
    }
  }
  return wrong
}

function atMostOfOneType(keys: readonly string[], given: Json, path: string, problems: Problem[]): void {
  for (const [type, words] of [
    ['mention', 'mentions'],
    ['emoji', 'emojis'],
  ] as const) {
    const count = keys.filter((key) => Object.hasOwn(given, key) && typeOf(given[key]) === type).length
    if (count > maxOfOneType) problems.push({ path, message: `${count} ${words} in text, at most ${maxOfOneType}` })
  }
}

const typeOf = (value: unknown) => (isObject(value) ? value['type'] : undefined)

/** Whether LINE takes it in groups and rooms only. */
export const mentions = ({ substitution }: Json): boolean =>
  isObject(substitution) && Object.values(substitution).some((one) => typeOf(one) === 'mention')
