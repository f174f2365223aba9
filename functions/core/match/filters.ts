import { valueAt } from '../events.ts'
import type { Requirement, Rule } from '../rule.ts'
import { clockOf, isOpen } from '../schedule.ts'
import type { Heard } from './heard.ts'
import { meets } from './where.ts'

/** One of a rule's filters: whether it holds, and what to tell a person when it does not. */
interface Filter {
  readonly holds: (rule: Rule, heard: Heard) => boolean
  readonly because: (rule: Rule, heard: Heard) => string
}

/** The cheap ones first. */
const filters: readonly Filter[] = [
  {
    holds: ({ content, keywords }, heard) =>
      content ? content.some((kind) => kind === heard.content) : keywords.length === 0 || heard.text !== undefined,
    because: ({ content = ['text'] }, heard) => `for ${content.join(', ')} only, not ${heard.content ?? 'this'}`,
  },
  {
    holds: ({ in: chats }, { chat }) => !chats || chats.some((one) => one === chat),
    because: ({ in: chats = [] }, { chat }) => `in: ${chats.join(', ')} only, not ${chat ?? 'outside of any chat'}`,
  },
  {
    holds: ({ mentioned }, heard) => mentioned === undefined || mentioned === heard.mentioned,
    because: ({ mentioned }) => `mentioned: only when the bot is ${mentioned ? '' : 'not '}mentioned`,
  },
  {
    holds: ({ where = [] }, { incoming }) => where.every((one) => meets(incoming, one)),
    because: ({ where = [] }, heard) => `where: ${where.flatMap((one) => unmet(one, heard)).join('; ')}`,
  },
  {
    holds: ({ schedule }, { now }) => !schedule || isOpen(schedule, now),
    because: ({ schedule }, { now }) => `schedule: closed at ${schedule ? clockOf(schedule, now) : 'this time'}`,
  },
]

/** Whether the rule's filters let it answer this; its keywords are another matter. */
export const allows = (rule: Rule, heard: Heard): boolean => filters.every(({ holds }) => holds(rule, heard))

/** The filter that keeps the rule from answering this, in words; undefined when none does. */
export const whyNot = (rule: Rule, heard: Heard): string | undefined =>
  filters.find(({ holds }) => !holds(rule, heard))?.because(rule, heard)

function unmet(requirement: Requirement, { incoming }: Heard): string[] {
  if (meets(incoming, requirement)) return []
  const { key, operator, values = [] } = requirement
  const value = valueAt(incoming, key)
  const is = value === undefined ? 'absent' : JSON.stringify(value.slice(0, 100))
  return [`${key} is ${is}, asked for is ${[operator, ...values.slice(0, 5)].join(' ')}`]
}
