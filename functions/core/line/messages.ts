import type { Problem } from '../problem.ts'
import { type Check, list, type Shape, typed } from './check.ts'
import { common } from './common.ts'
import { flex } from './flex.ts'
import { image, sticker } from './media.ts'
import { template } from './template.ts'
import { text } from './text.ts'

/** LINE's message types. A new one is one entry here, and its name in the schema (core/resources/message.ts). */
const types: Readonly<Record<string, Shape>> = { text, sticker, image, template, flex }

const withCommon = (shape: Shape): Shape => ({ ...shape, optional: { ...shape.optional, ...common } })

const message: Check = typed(
  'message',
  Object.fromEntries(Object.entries(types).map(([type, shape]) => [type, withCommon(shape)])),
)

const reply: Check = list({ min: 1, max: 5, what: 'messages' }, message)

/**
 * Everything that LINE would refuse in one reply, as far as its reference says, each with its path. Counts as LINE
 * counts; a template counts as nothing, the least that it can become.
 */
export function judgeMessages(messages: unknown, path: string): Problem[] {
  const problems: Problem[] = []
  reply(messages, path, problems)
  return problems
}
