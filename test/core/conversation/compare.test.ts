import { describe, expect, it } from 'vitest'
import { compare } from '../../../functions/core/conversation/compare.ts'
import type { ExpectedMessage } from '../../../functions/core/conversation.ts'
import type { Message } from '../../../functions/core/rule.ts'

const text = (words: string): Message => ({ type: 'text', text: words })

const buttons: Message = {
  type: 'template',
  altText: 'Menu',
  template: {
    type: 'buttons',
    text: 'What?',
    actions: [
      { type: 'message', label: 'A', text: 'a' },
      { type: 'postback', label: 'B', data: 'b=1' },
    ],
  },
}

describe('an answer is as expected', () => {
  it.each<[string, ExpectedMessage[], Message[]]>([
    ['silence', [], []],
    ['the same text', ['a\nb'], [text('a\nb')]],
    ['texts in order', ['a', 'b'], [text('a'), text('b')]],
    ['a part of an object', [{ text: 'a' }], [text('a')]],
    ['a part of a text', [{ contains: '火' }], [text('火龍')]],
    ['a part of an alternative text', [{ contains: 'Men' }], [buttons]],
    ['a pattern in a member', [{ template: { text: { matches: '^Wh.t' } } }], [buttons]],
    ['a list as long', [{ template: { actions: [{ label: 'A' }, {}] } }], [buttons]],
  ])('%s', (_what, expected, actual) => {
    expect(compare(expected, actual)).toEqual([])
  })
})

describe('an answer is not as expected', () => {
  it.each<[string, ExpectedMessage[], Message[], unknown[]]>([
    ['one too many', [], [text('a')], [{ path: 'answer[0]', actual: text('a') }]],
    ['one too few', ['a', 'b'], [text('a')], [{ path: 'answer[1]', expected: 'b' }]],
    ['in another order', ['a', 'b'], [text('b'), text('a')], [expect.anything(), expect.anything()]],
    ['another text', ['a'], [text('b')], [{ path: 'answer[0]', expected: 'a', actual: 'b' }]],
    ['a text in another width', ['A'], [text('Ａ')], [expect.anything()]],
    ['no text at all', ['Menu'], [buttons], [{ path: 'answer[0]', expected: 'Menu', actual: buttons }]],
    ['a member missing', [{ quickReply: {} }], [text('a')], [{ path: 'answer[0].quickReply', expected: {} }]],
    ['a member of everything', [{ toString: 'a' }], [text('a')], [{ path: 'answer[0].toString', expected: 'a' }]],
    [
      'deep inside',
      [{ template: { actions: [{ label: 'A' }, { label: 'C' }] } }],
      [buttons],
      [{ path: 'answer[0].template.actions[1].label', expected: 'C', actual: 'B' }],
    ],
    [
      'a shorter list',
      [{ template: { actions: [{ label: 'A' }] } }],
      [buttons],
      [{ path: 'answer[0].template.actions[1]', actual: expect.anything() }],
    ],
    ['with a part that is no text', [{ contains: 850 }], [text('850')], [expect.objectContaining({ actual: '850' })]],
    ['with a pattern that is none', [{ matches: 850 }], [text('850')], [expect.objectContaining({ actual: '850' })]],
    ['without the part', [{ contains: 'x' }], [text('a')], [expect.objectContaining({ actual: 'a' })]],
  ])('%s', (_what, expected, actual, differences) => {
    expect(compare(expected, actual)).toEqual(differences)
  })
})
