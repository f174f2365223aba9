import * as fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { fit } from '../../../functions/core/line/fit.ts'
import { judgeMessages } from '../../../functions/core/line/messages.ts'

type Json = Record<string, unknown>

const fitted = (...messages: unknown[]) => fit(messages)

const long = (length: number) => 'a'.repeat(length)
const cut = (length: number) => `${long(length - 1)}…`
/** One grapheme cluster of 11 UTF-16 units. */
const family = '👨‍👩‍👧‍👦'
const url = 'https://example.com/a'
const hi = { type: 'text', text: 'hi' }
const say = (more: Json = {}) => ({ type: 'message', label: 'a', text: 'b', ...more })
const inTemplate = (template: Json) => ({ type: 'template', altText: 'alt', template })
const buttons = (more: Json) => inTemplate({ type: 'buttons', text: 'a', actions: [say()], ...more })
const quick = (label: string) => ({ items: [{ type: 'action', action: say({ label }) }] })
const place = { type: 'location', title: 'a', address: 'b', latitude: 1, longitude: 2 }
const flex = (...contents: Json[]) => ({
  type: 'flex',
  altText: 'alt',
  contents: { type: 'bubble', body: { type: 'box', layout: 'vertical', contents } },
})

describe('what is too long', () => {
  it.each<[string, Json, Json]>([
    ['text', { ...hi, text: long(5001) }, { ...hi, text: cut(5000) }],
    ['text, between graphemes', { ...hi, text: family.repeat(455) }, { ...hi, text: `${family.repeat(454)}…` }],
    [
      'text, with the emojis behind the cut',
      { ...hi, text: `$${long(4998)}$$`, emojis: [{ index: 0 }, { index: 4999 }, { index: 5000 }] },
      { ...hi, text: `$${long(4998)}…`, emojis: [{ index: 0 }] },
    ],
    [
      'textV2, never inside a placeholder',
      { type: 'textV2', text: `{a}${long(4990)}{who} and more`, substitution: { a: 1, who: 2 } },
      { type: 'textV2', text: `{a}${long(4990)}{who} …`, substitution: { a: 1, who: 2 } },
    ],
    [
      'textV2, with the substitutions behind the cut',
      { type: 'textV2', text: `{a}${long(4994)}{who}`, substitution: { a: 1, who: 2 } },
      { type: 'textV2', text: `{a}${long(4994)}…`, substitution: { a: 1 } },
    ],
    [
      'textV2, never between two braces',
      { type: 'textV2', text: `${long(4998)}{{}}` },
      { type: 'textV2', text: `${long(4998)}…` },
    ],
    ['altText', { ...flex(), altText: long(1501) }, { ...flex(), altText: cut(1500) }],
    ['a place', { ...place, title: long(101), address: long(101) }, { ...place, title: cut(100), address: cut(100) }],
    ['a title', buttons({ title: family.repeat(41) }), buttons({ title: `${family.repeat(39)}…` })],
    ['a text alone', buttons({ text: long(161) }), buttons({ text: cut(160) })],
    ['a text under a title', buttons({ title: 't', text: long(61) }), buttons({ title: 't', text: cut(60) })],
    ['a label', buttons({ actions: [say({ label: long(21) })] }), buttons({ actions: [say({ label: cut(20) })] })],
    [
      'the label of a picture',
      inTemplate({ type: 'image_carousel', columns: [{ imageUrl: url, action: say({ label: long(13) }) }] }),
      inTemplate({ type: 'image_carousel', columns: [{ imageUrl: url, action: say({ label: cut(12) }) }] }),
    ],
    [
      'what a postback shows',
      buttons({ actions: [{ type: 'postback', label: 'a', data: 'd', displayText: long(301) }] }),
      buttons({ actions: [{ type: 'postback', label: 'a', data: 'd', displayText: cut(300) }] }),
    ],
    [
      'a label deep in Flex',
      flex({ type: 'box', layout: 'vertical', contents: [{ type: 'button', action: say({ label: long(41) }) }] }),
      flex({ type: 'box', layout: 'vertical', contents: [{ type: 'button', action: say({ label: cut(40) }) }] }),
    ],
    ['a quick reply', { ...hi, quickReply: quick(long(21)) }, { ...hi, quickReply: quick(cut(20)) }],
    ['a sender', { ...hi, sender: { name: long(21) } }, { ...hi, sender: { name: cut(20) } }],
    ['a sender of LINE’s', { ...hi, sender: { name: 'LINE fan', iconUrl: url } }, { ...hi, sender: { iconUrl: url } }],
  ])('%s is cut', (_what, message, expected) => expect(fitted(message)).toEqual([expected]))

  it.each<[string, Json]>([
    ['data', buttons({ actions: [{ type: 'postback', label: 'a', data: long(301) }] })],
    ['what an action says', buttons({ actions: [say({ text: long(301) })] })],
    ['a URL', { type: 'image', originalContentUrl: `${url}${long(2000)}`, previewImageUrl: url }],
    ['what is copied', buttons({ actions: [{ type: 'clipboard', label: 'a', clipboardText: long(1001) }] })],
    ['a Flex text', flex({ type: 'text', text: long(40_000) })],
    ['what fits', buttons({ title: family.repeat(40), text: family.repeat(60) })],
    ['what is no message', { type: 'template', template: [{ actions: 1 }], quickReply: [], sender: 'x' }],
  ])('%s stays, uncopied', (_what, message) => expect(fitted(message)[0]).toBe(message))

  it('is taken by LINE after it, whatever was written', () => {
    const anyText = fc.string({
      unit: fc.constantFrom('a', '火', '𠮷', family, '{{', '}}', '$'),
      minLength: 1,
      maxLength: 600,
    })
    fc.assert(
      fc.property(anyText, anyText, (text, other) => {
        const messages = [
          { ...hi, text: text.repeat(9) },
          {
            type: 'textV2',
            text: `{a}${text.repeat(9)}`,
            substitution: { a: { type: 'emoji', productId: 'p', emojiId: 'e' } },
          },
          { ...place, title: text, address: other },
          buttons({ title: other, text, actions: [say({ label: text })] }),
          {
            ...buttons({ text, actions: [say({ label: other })] }),
            altText: text.repeat(5),
            sender: { name: 'x', iconUrl: url },
          },
        ]
        expect(judgeMessages(fitted(...messages), 'r')).toEqual([])
      }),
      { numRuns: 30 },
    )
  })
})

describe('a quick reply', () => {
  const asked = quick('x')
  const other = quick('y')

  it.each<[string, Json[], Json[]]>([
    ['goes to the last message', [{ ...hi, quickReply: asked }, hi], [hi, { ...hi, quickReply: asked }]],
    [
      'of the last message is the one that stays',
      [
        { ...hi, quickReply: asked },
        { ...hi, quickReply: other },
      ],
      [hi, { ...hi, quickReply: other }],
    ],
    [
      'said last wins where the last message has none',
      [{ ...hi, quickReply: asked }, { ...hi, quickReply: other }, hi],
      [hi, hi, { ...hi, quickReply: other }],
    ],
  ])('%s', (_what, messages, expected) => expect(fitted(...messages)).toEqual(expected))
})

it.each([[[]], [[null, 1, 'x', []]], [[{ type: 'constructor' }]]])('leaves %j alone', (odd) => {
  expect(fitted(...odd)).toEqual(odd)
})

it('leaves alone what nests too deep to be walked', () => {
  let deep: Json = {}
  for (let i = 0; i < 100_000; i += 1) deep = { deep }
  expect(fitted({ type: 'flex', contents: deep })).toHaveLength(1)
})

it('makes no segmenter for texts that fit, which would cost a cold start milliseconds', async () => {
  vi.resetModules()
  const segmenter = vi.spyOn(Intl, 'Segmenter')
  const fresh = await import('../../../functions/core/line/fit.ts')
  const message = (label: string) => buttons({ actions: [say({ label })] })
  fresh.fit([message(family)])
  expect(segmenter).not.toHaveBeenCalled()
  fresh.fit([message(family.repeat(21))])
  expect(segmenter).toHaveBeenCalledOnce()
})
