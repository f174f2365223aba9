import { describe, expect, it } from 'vitest'
import { makeMemory } from '../../functions/bot/memory.ts'
import type { Incoming } from '../../functions/core/incoming.ts'
import { ruleOf } from './bot.ts'

const message = (id: string, timestamp?: number): Incoming => ({
  type: 'message',
  ...(timestamp !== undefined && { timestamp }),
  message: { type: 'text', id },
})
const unsend = (messageId: unknown): Incoming => ({ type: 'unsend', raw: { type: 'unsend', unsend: { messageId } } })

describe('a pod’s memory', () => {
  it('knows the latest edit, in whatever order edits come, and the same one twice', () => {
    const memory = makeMemory()
    for (const timestamp of [2, 3, 1, 3]) memory.note(message('5', timestamp))
    expect([1, 2, 3].map((timestamp) => memory.gone(message('5', timestamp)))).toEqual([
      'outdated',
      'outdated',
      undefined,
    ])
    expect(memory.gone(message('6', 1))).toBeUndefined()
  })

  it.each<[string, Incoming]>([
    ['no message', { type: 'follow', timestamp: 1 }],
    ['no time', message('5')],
  ])('says nothing of what has %s', (_what, incoming) => {
    const memory = makeMemory()
    memory.note(message('5', 2))
    expect(memory.gone(incoming)).toBeUndefined()
  })

  it('knows what was taken back, before its message comes too', () => {
    const memory = makeMemory()
    memory.note(unsend('5'))
    memory.note(unsend(undefined))
    memory.note(unsend({}))
    expect(memory.gone(message('5', 1))).toBe('unsent')
    expect(memory.gone(message('6', 1))).toBeUndefined()
  })

  it('keeps the last 200 answers and 10,000 messages', () => {
    const memory = makeMemory()
    const told = Promise.resolve({ messages: [] })
    const keep = (webhookEventId: string) =>
      memory.keep({ incoming: { type: 'message', webhookEventId }, match: { rule: ruleOf(), binding: 'b' }, told })
    for (let kept = 0; kept <= 200; kept += 1) keep(String(kept))
    expect(memory.asking('0')).toBeUndefined()
    expect(memory.asking('1')).toBeDefined()
    expect(memory.asking(undefined)).toBeUndefined()
    for (let noted = 0; noted <= 10_000; noted += 1) memory.note(unsend(String(noted)))
    expect([memory.gone(message('0', 1)), memory.gone(message('1', 1))]).toEqual([undefined, 'unsent'])
  })
})
