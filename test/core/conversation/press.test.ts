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
      { type: 'action', action: { type: 'camera', label: 'Camera' } },
    ],
  },
}

it.each([
  ['Buy', undefined, { do: 'postback', data: 'buy=1' }],
  ['Yes', undefined, { do: 'say', text: 'yes!', mention: false }],
  ['Day', { date: '2026-12-24' }, { do: 'postback', data: 'day', params: { date: '2026-12-24' } }],
])('pressing %s makes the user do something', (label, params, act) => {
  expect(press({ do: 'press', label, ...(params && { params }) }, [flex, text])).toEqual({ act })
})

const column = (item: string) => ({
  text: item,
  actions: [
    { type: 'message' as const, label: 'Order', text: `order ${item}` },
    { type: 'message' as const, label: 'Help', text: 'help' },
    { type: 'uri' as const, label: 'Call', uri: 'tel:1' },
  ],
})
const carousel: Message = {
  type: 'template',
  altText: 'x',
  template: { type: 'carousel', columns: [column('tea'), column('cake')] },
}
const buy = (data: string) => ({ type: 'button' as const, action: { type: 'postback' as const, label: 'Buy', data } })
const bubble = (data: string) => ({
  type: 'bubble' as const,
  footer: { type: 'box' as const, layout: 'vertical' as const, contents: [buy(data)] },
})
const bubbles: Message = {
  type: 'flex',
  altText: 'x',
  contents: { type: 'carousel', contents: [bubble('tea'), bubble('cake')] },
}
const pressed = (messages: readonly Message[], label: string, at?: number) =>
  press({ do: 'press', label, ...(at !== undefined && { column: at }) }, messages)

it.each([
  ['Order', 1, carousel, { do: 'say', text: 'order tea', mention: false }],
  ['Order', 2, carousel, { do: 'say', text: 'order cake', mention: false }],
  ['Help', undefined, carousel, { do: 'say', text: 'help', mention: false }],
  ['Buy', 2, bubbles, { do: 'postback', data: 'cake' }],
])('pressing %s in column %s of a carousel is as it says', (label, at, message, act) => {
  expect(pressed([message], label, at)).toEqual({ act })
})

const has = 'the bot’s last answer has'

it.each<[string, number | undefined, Message[], string]>([
  ['Web', undefined, [flex, text], 'Web opens a link, of which the bot hears nothing'],
  ['Camera', undefined, [text], 'Camera lets the user choose what to send: write that as send'],
  ['No', undefined, [flex, text], `${has} no button No to press: there is Buy, Yes, Day, Web, Camera`],
  ['No', undefined, [{ type: 'text', text: 'a' }], `${has} no button No to press: there is none at all`],
  ['Order', undefined, [carousel], `${has} 2 buttons Order: say which with column: 1 or 2`],
  [
    'Order',
    3,
    [carousel],
    `${has} no button Order in column 3 to press: there is Order in column 1, Order in column 2`,
  ],
  [
    'Buy',
    undefined,
    [flex, bubbles],
    `${has} 3 buttons Buy: write what it does, as say or postback, in place of press`,
  ],
  ['Call', 1, [carousel], 'Call in column 1 opens a link, of which the bot hears nothing'],
])('pressing %s in column %s says what stands in the way', (label, at, messages, problem) => {
  expect(pressed(messages, label, at)).toEqual({ problem })
})
