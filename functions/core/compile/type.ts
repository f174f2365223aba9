import { chatsOf, eventTypes, isEventType, isRepliableType } from '../events.ts'
import type { Problem } from '../problem.ts'
import type { EventRule } from '../resources/event.ts'
import { hint } from '../schema/nearest.ts'

/** What a rule says that events of its type cannot do. */
export const typeProblems = (rule: EventRule, type: string, path: string): Problem[] => [
  ...(isEventType(type) ? answerProblems(rule, type, path) : unknownProblems(rule, type)),
  ...chatProblems(rule, type, path),
]

/** LINE may have more types tomorrow: what they bring can be passed on, and nobody can say more about them. */
function unknownProblems({ forward }: EventRule, type: string): Problem[] {
  if (forward && !forward.late && !forward.failed) return []
  const todo = 'one that is new there can be forwarded, without late and failed'
  return [
    {
      path: 'spec.type',
      message: `\`${type}\` is no event type of LINE that is known (${todo})${hint(type, eventTypes)}`,
    },
  ]
}

const answers = ['reply', 'oneOf'] as const
const excuses = ['late', 'failed'] as const

function answerProblems(rule: EventRule, type: string, path: string): Problem[] {
  if (isRepliableType(type)) return []
  const because = `${type} brings no reply token`
  return [
    ...answers
      .filter((member) => rule[member])
      .map((member) => ({ path: `${path}.${member}`, message: `${because}, so nothing can be said: use forward` })),
    ...excuses
      .filter((member) => rule.forward?.[member])
      .map((member) => ({
        path: `${path}.forward.${member}`,
        message: `${because}, so nothing can be said: leave it out`,
      })),
  ]
}

function chatProblems({ in: chats = [] }: EventRule, type: string, path: string): Problem[] {
  const possible = chatsOf(type)
  if (chats.length === 0 || !possible || chats.some((chat) => possible.includes(chat))) return []
  const place = possible.length > 0 ? `happens in ${possible.join(' and ')} only` : 'belongs to no chat: leave it out'
  return [{ path: `${path}.in`, message: `${chats.join(', ')}: ${type} ${place}` }]
}
