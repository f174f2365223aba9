import type { Problem } from '../problem.ts'
import { isObject, type Json } from '../shape.ts'
import { list, type Shape, shaped } from './check.ts'
import { whole } from './number.ts'
import { filled, units } from './string.ts'

/** What stands for a LINE emoji, in a text's `emojis` and in a textV2's `substitution`. */
export const emoji = { productId: filled, emojiId: filled }

/** UTF-16 units of a text, and of a textV2 with its placeholders as they are written. */
export const wholeText = units(5000)

export const text: Shape = {
  name: 'a text message',
  required: { text: wholeText },
  optional: {
    emojis: list(
      { min: 0, max: 20, what: 'emojis' },
      shaped({ name: 'an emoji', required: { index: whole(0), ...emoji } }),
    ),
    quoteToken: filled,
  },
  also: emojisStandAtDollars,
}

/** The index counts UTF-16 units of the text as written, templates included: they move when it is rendered. */
function emojisStandAtDollars({ text: written, emojis }: Json, path: string, problems: Problem[]): void {
  if (typeof written !== 'string' || !Array.isArray(emojis)) return
  const taken = new Set<number>()
  for (const [i, one] of emojis.entries()) {
    const index = isObject(one) ? one['index'] : undefined
    if (typeof index !== 'number' || !Number.isInteger(index) || index < 0) continue
    const there = written[index] === undefined ? 'nothing' : JSON.stringify(written[index])
    const message =
      written[index] !== '$'
        ? `must point at a $ in text; at ${index} is ${there}`
        : taken.has(index) && `another emoji stands at ${index}: each needs a $ of its own`
    if (message) problems.push({ path: `${path}.emojis[${i}].index`, message })
    taken.add(index)
  }
}
