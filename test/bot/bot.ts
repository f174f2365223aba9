import type { Answering } from '../../functions/bot/answer.ts'
import { makeBudget } from '../../functions/bot/budget.ts'
import { makeMemory } from '../../functions/bot/memory.ts'
import { startTimer } from '../../functions/bot/timer.ts'
import type { Incoming } from '../../functions/core/incoming.ts'
import type { Message, Rule } from '../../functions/core/rule.ts'
import { makeLog } from '../../functions/edge/log.ts'

export const text = (words: string): Message => ({ type: 'text', text: words })

export const ruleOf = (...replies: Message[][]): Rule => ({
  event: 'rathalos',
  index: 0,
  type: 'message',
  match: 'Exact',
  keywords: ['火龍'],
  priority: 0,
  replies,
})

export const incoming: Incoming = {
  type: 'message',
  webhookEventId: '01H',
  replyToken: 'r1',
  source: { type: 'user', userId: 'U1' },
  message: { type: 'text', text: '火龍' },
}

/** A bot whose matcher always finds this rule, and what it said to LINE. */
export function botOf(rule: Rule | undefined, more: Partial<Answering> = {}) {
  const said: unknown[] = []
  const logged: Record<string, unknown>[] = []
  const now = () => new Date('2026-05-01T12:00:00Z')
  const bot: Answering = {
    name: 'monsters',
    rules: rule ? [{ binding: 'monsters', priority: 0, rules: [rule] }] : [],
    matcher: { choose: () => rule && { rule, binding: 'monsters', keyword: '火龍' } },
    groups: { answer: 'Always' },
    suspend: false,
    late: { policy: 'Say', text: 'slow', label: 'Get it', expired: 'ask again' },
    line: {
      reply: async (token, messages) => {
        said.push([token, messages])
        return 'confirmed'
      },
      push: async (...args) => void said.push(['push', ...args]),
      startLoading: async (...args) => void said.push(['loading', ...args]),
      profile: async (source) => {
        said.push(['profile', source?.userId])
        return { displayName: 'Hunter' }
      },
      group: async (groupId) => {
        said.push(['group', groupId])
        return { groupName: 'Village' }
      },
    },
    forward: () => Promise.reject(new Error('nothing should be forwarded')),
    memory: makeMemory(),
    budget: makeBudget({ monthly: 0, consumption: async () => 0, now }),
    pick: () => 0,
    log: makeLog('Warn', {}, (line) => void logged.push(JSON.parse(line))),
    now,
    startTimer,
    ...more,
  }
  return { bot, said, logged }
}
