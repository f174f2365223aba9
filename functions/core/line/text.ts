import type { Problem } from '../problem.ts'
import { anything, isMembers, list, type Members, type Shape, shaped, units } from './check.ts'

const emoji = shaped({ name: 'an emoji', required: { index: anything, productId: units(64), emojiId: units(64) } })

export const text: Shape = {
  name: 'a text message',
  required: { text: units(5000) },
  optional: { emojis: list({ min: 0, max: 20, what: 'emojis' }, emoji), quoteToken: units(2000) },
  also: emojisStandAtDollars,
}

/** The index counts UTF-16 units of the text as written, templates included: they move when it is rendered. */
function emojisStandAtDollars({ text: written, emojis }: Members, path: string, problems: Problem[]): void {
  if (typeof written !== 'string' || !Array.isArray(emojis)) return
  for (const [i, one] of emojis.entries()) {
    const index = isMembers(one) ? one['index'] : undefined
    if (index === undefined || (typeof index === 'number' && written[index] === '$')) continue
    const found = typeof index === 'number' ? written[index] : undefined
    const there = found === undefined ? 'nothing' : JSON.stringify(found)
    problems.push({
      path: `${path}.emojis[${i}].index`,
      message: `must point at a $ in text; at ${JSON.stringify(index)} is ${there}`,
    })
  }
}
