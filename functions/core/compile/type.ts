import { chatsOf, eventTypes, isEventType, isRepliableType } from '../events.ts'
import type { Problem } from '../problem.ts'
import type { EventRule } from '../resources/event.ts'
import { hint } from '../schema/nearest.ts'

/** What a rule says that events of its type cannot do. */
export const typeProblems = (rule: EventRule, type: string, path: string): Problem[] => [
  ...(isEventType(type)
    ? [...strayProblems(rule, type, path), ...answerProblems(rule, type, path)]
    : unknownProblems(rule, type)),
  ...chatProblems(rule, type, path),
]

/** LINE may have more types tomorrow: what they bring can be passed on, and nobody can say more about them. */
function unknownProblems(rule: EventRule, type: string): Problem[] {
  const { forward } = rule
  if (forward && !forward.late && !forward.failed && strayIn(rule, type).length === 0) return []
  const todo = 'one that is new there can be forwarded, without keywords, late and failed'
  return [
    {
      path: 'spec.type',
      message: `\`${type}\` is no event type of LINE that is known (${todo})${hint(type, eventTypes)}`,
    },
  ]
}

/** Members that are for messages, and for postbacks. */
const ofMessages = ['keywords', 'content', 'mentioned'] as const
const ofPostbacks = ['data'] as const

const isWritten = (type: string) => type === 'message' || type === 'messageEdited'

const strayIn = (rule: EventRule, type: string) => [
  ...(isWritten(type) ? [] : ofMessages.filter((member) => rule[member] !== undefined)),
  ...(type === 'postback' ? [] : ofPostbacks.filter((member) => rule[member] !== undefined)),
]

/** The API server refuses them too, but cannot say where they are. */
const strayProblems = (rule: EventRule, type: string, path: string): Problem[] =>
  strayIn(rule, type).map((member) => ({ path: `${path}.${member}`, message: strayMessage(member, type) }))

function strayMessage(member: ReturnType<typeof strayIn>[number], type: string): string {
  const meant = type === 'postback' ? 'data' : 'keywords'
  const isMeant = (member === 'keywords' || member === 'data') && (type === 'postback' || isWritten(type))
  return `${type} has no ${member}: ${isMeant ? `write ${meant}` : 'leave it out'}`
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

function chatProblems({ in: chats = [], mentioned }: EventRule, type: string, path: string): Problem[] {
  const possible = chatsOf(type)
  if (mentioned && chats.length > 0 && chats.every((chat) => chat === 'user')) {
    return [{ path: `${path}.in`, message: 'user: nobody can be mentioned there: write group or room too' }]
  }
  if (chats.length === 0 || !possible || chats.some((chat) => possible.includes(chat))) return []
  const place = possible.length > 0 ? `happens in ${possible.join(' and ')} only` : 'belongs to no chat: leave it out'
  return [{ path: `${path}.in`, message: `${chats.join(', ')}: ${type} ${place}` }]
}
