import { expect, it } from 'vitest'
import { press } from '../../../functions/core/conversation/press.ts'
import type { Message } from '../../../functions/core/rule.ts'

const flex: Message = {
  type: 'flex',
  altText: 'x',
  contents: {
    type: 'bubble',
    body: {
      type: 'box',
      layout: 'vertical',
      contents: [{ type: 'button', action: { type: 'postback', label: 'Buy', data: 'buy=1' } }],
    },
  },
}
const text: Message = {
  type: 'text',
  text: 'a',
  quickReply: {
    items: [
      { type: 'action', action: { type: 'message', label: 'Yes', text: 'yes!' } },
      { type: 'action', action: { type: 'datetimepicker', label: 'Day', data: 'day', mode: 'date' } },
      { type: 'action', action: { type: 'uri', label: 'Web', uri: 'https://a.example' } },
    ],
  },
}

it.each([
  ['Buy', undefined, { do: 'postback', data: 'buy=1' }],
  ['Yes', undefined, { do: 'say', text: 'yes!', mention: false }],
  ['Day', { date: '2026-12-24' }, { do: 'postback', data: 'day', params: { date: '2026-12-24' } }],
])('pressing %s makes the user do something', (label, params, act) => {
  expect(press(label, params, [flex, text])).toEqual({ act })
})

it('says which buttons there are where there is none of the name', () => {
  expect(press('Web', undefined, [flex, text])).toEqual({ labels: ['Buy', 'Yes', 'Day'] })
})
