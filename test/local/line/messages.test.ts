import { describe, expect, it } from 'vitest'
import { isQuotable, refusalOf } from '../../../functions/local/line/messages.ts'

const https = (length: number): string => 'https://example.com/'.padEnd(length, 'x')
const media = https(30)
const say = (label: string) => ({ type: 'message', label, text: label })
const buttons = (template: object) => ({
  type: 'template',
  altText: 'a',
  template: { type: 'buttons', text: 't', actions: [say('one')], ...template },
})
const carousel = (...columns: object[]) => ({
  type: 'template',
  altText: 'a',
  template: {
    type: 'carousel',
    columns: columns.map((column) => Object.assign({ text: 't', actions: [say('one')] }, column)),
  },
})
const quick = (action: object) => ({ type: 'text', text: 'q', quickReply: { items: [{ type: 'action', action }] } })
const withActions = (...actions: object[]) => buttons({ actions })
const flex = (contents: object) => ({ type: 'flex', altText: 'a', contents })
const bubble = (...contents: object[]) => flex({ type: 'bubble', body: { type: 'box', layout: 'vertical', contents } })
const film = { type: 'video', url: media, previewUrl: media, altContent: { type: 'image', url: media } }
const filmed = (more: object) => flex({ type: 'bubble', hero: film, ...more })
const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value)

const bean = (property: string, message: string) => ({
  message: 'The request body has 1 error(s)',
  details: [{ message, property }],
})
const inside = (property: string, message: string) => ({
  message: 'A message (messages[0]) in the request body is invalid',
  details: [{ message, property }],
})
const whole = { message: 'A message (messages[0]) in the request body is invalid' }

describe('LINE takes', () => {
  it.each<[string, object]>([
    ['a text of 5,000 units', { type: 'text', text: 'x'.repeat(5000) }],
    ['emojis at their dollars', { type: 'text', text: 'a$', emojis: [{ index: 1, productId: 'p', emojiId: 'e' }] }],
    [
      'a textV2 with its substitutions',
      {
        type: 'textV2',
        text: '{{no}} {who} {e}',
        substitution: {
          who: { type: 'mention', mentionee: { type: 'user', userId: 'U1' } },
          e: { type: 'emoji', productId: 'p', emojiId: 'e' },
        },
      },
    ],
    ['a sticker', { type: 'sticker', packageId: '446', stickerId: '1988' }],
    ['an image at 2,000 characters', { type: 'image', originalContentUrl: https(2000), previewImageUrl: media }],
    ['a video', { type: 'video', originalContentUrl: media, previewImageUrl: media, trackingId: 'track-1' }],
    ['audio', { type: 'audio', originalContentUrl: media, duration: 60000 }],
    ['a location', { type: 'location', title: 't', address: 'a', latitude: 35.6, longitude: 139.7 }],
    [
      'an imagemap',
      {
        type: 'imagemap',
        baseUrl: media,
        altText: 'a',
        baseSize: { width: 1040, height: 1040 },
        actions: [{ type: 'message', text: 'm', area: { x: 0, y: 0, width: 10, height: 10 } }],
      },
    ],
    ['a coupon', { type: 'coupon', couponId: 'c', deliveryTag: 'tag_1' }],
    ['buttons with a text of 160', buttons({ text: '字'.repeat(160) })],
    ['family emoji as one of a label’s 20', withActions(say('👨‍👩‍👧‍👦'.repeat(20)))],
    [
      'a confirm',
      { type: 'template', altText: 'a', template: { type: 'confirm', text: 't', actions: [say('y'), say('n')] } },
    ],
    ['ten even columns', carousel(...times(10, {}))],
    [
      'an image carousel without labels',
      {
        type: 'template',
        altText: 'a',
        template: { type: 'image_carousel', columns: [{ imageUrl: media, action: { type: 'postback', data: 'd' } }] },
      },
    ],
    ['a camera in a quick reply', quick({ type: 'camera', label: 'c' })],
    ['a line: address', withActions({ type: 'uri', label: 'u', uri: 'line://nv/settings' })],
    [
      'a picker',
      withActions({
        type: 'datetimepicker',
        label: 'd',
        data: 'd',
        mode: 'date',
        min: '2026-01-01',
        max: '2026-12-31',
      }),
    ],
    ['a small bubble', bubble({ type: 'text', text: 'hi' }, { type: 'separator' })],
    ['icons in a baseline', bubble({ type: 'box', layout: 'baseline', contents: [{ type: 'icon', url: media }] })],
    [
      'twelve bubbles of one size',
      flex({ type: 'carousel', contents: times(12, { ...bubble().contents, size: 'kilo' }) }),
    ],
    ['an empty span', bubble({ type: 'text', contents: [{ type: 'span', text: '' }] })],
    ['a video in a wide bubble', filmed({})],
    [
      'a picker of minutes',
      withActions({ type: 'datetimepicker', label: 'd', data: 'd', mode: 'datetime', max: '2026-12-31t23:59' }),
    ],
    ['a null as if it were absent', buttons({ title: null, thumbnailImageUrl: null })],
    ['a member that it does not know', { type: 'text', text: 'x', mood: 'new' }],
  ])('%s', (_what, message) => {
    expect(refusalOf({ messages: [message] })).toBeUndefined()
  })
})

const must = (min: number, max: number): string => `must be between ${min} and ${max}`
const shorter = (max: number): string => `must not be longer than ${max} characters`

describe('LINE refuses', () => {
  it.each<[string, object, object]>([
    [
      '5,001 units',
      { type: 'text', text: 'x'.repeat(5001) },
      bean('messages[0].text', 'Length must be between 0 and 5000'),
    ],
    [
      '2,501 apples, two units each',
      { type: 'text', text: '🍎'.repeat(2501) },
      bean('messages[0].text', 'Length must be between 0 and 5000'),
    ],
    ['no text', { type: 'text' }, bean('messages[0].text', 'May not be empty')],
    ['an empty text', { type: 'text', text: '' }, bean('messages[0].text', 'May not be empty')],
    ['no type', { text: 'x' }, bean('messages[0].type', 'May not be empty')],
    [
      'an unknown type',
      { type: 'hologram' },
      bean(
        'messages[0].type',
        'Must be one of the following values: [text, textV2, sticker, image, video, audio, location, imagemap, template, flex, coupon]',
      ),
    ],
    [
      'the name of an inherited member as type',
      { type: 'constructor' },
      expect.objectContaining({ details: [expect.objectContaining({ property: 'messages[0].type' })] }),
    ],
    [
      'an emoji beside its dollar',
      { type: 'text', text: 'a$', emojis: [{ index: 0, productId: 'p', emojiId: 'e' }] },
      bean('messages[0].emojis', 'invalid property'),
    ],
    [
      'a placeholder without substitution',
      { type: 'textV2', text: '{who}' },
      bean('messages[0].text', 'invalid property'),
    ],
    [
      'http media',
      { type: 'image', originalContentUrl: 'http://example.com/a', previewImageUrl: media },
      bean('messages[0].originalContentUrl', 'invalid uri scheme'),
    ],
    [
      'unescaped addresses',
      { type: 'image', originalContentUrl: media, previewImageUrl: 'https://example.com/火' },
      bean('messages[0].previewImageUrl', 'invalid uri'),
    ],
    [
      'an imagemap of another width',
      {
        type: 'imagemap',
        baseUrl: media,
        altText: 'a',
        baseSize: { width: 1000, height: 1 },
        actions: [{ type: 'message', text: 'm', area: { x: 0, y: 0, width: 1, height: 1 } }],
      },
      bean('messages[0].baseSize.width', 'Must be between 1040 and 1040'),
    ],
    [
      'a location off the globe',
      { type: 'location', title: 't', address: 'a', latitude: 91, longitude: 0 },
      bean('messages[0].latitude', 'Must be between -90 and 90'),
    ],
    [
      'an altText of 1,501',
      { ...bubble(), altText: 'x'.repeat(1501) },
      bean('messages[0].altText', 'Length must be between 0 and 1500'),
    ],
    [
      'a sender called LINE',
      { type: 'text', text: 'x', sender: { name: 'LINE bot' } },
      bean('messages[0].sender.name', 'invalid property'),
    ],
    [
      'fourteen quick replies',
      { type: 'text', text: 'x', quickReply: { items: times(14, { type: 'action', action: say('a') }) } },
      bean('messages[0].quickReply.items', 'Size must be between 1 and 13'),
    ],
    [
      'a quick reply without label',
      quick({ type: 'message', text: 'x' }),
      bean('messages[0].quickReply.items[0].action.label', 'May not be empty'),
    ],
    ['five buttons', buttons({ actions: times(5, say('a')) }), inside('/actions', must(1, 4))],
    ['a label of 21', withActions(say('x'.repeat(21))), inside('/actions/0/label', shorter(20))],
    ['a text of 61 under a title', buttons({ title: 'T', text: 'x'.repeat(61) }), inside('/text', shorter(60))],
    ['a text of 161', buttons({ text: 'x'.repeat(161) }), inside('/text', shorter(160))],
    [
      'a camera outside quick replies',
      withActions({ type: 'camera', label: 'c' }),
      inside('/actions/0/type', 'invalid property'),
    ],
    [
      'a postback of 301',
      withActions({ type: 'postback', label: 'p', data: 'x'.repeat(301) }),
      inside('/actions/0/data', shorter(300)),
    ],
    [
      'javascript: addresses',
      withActions({ type: 'uri', label: 'u', uri: 'javascript:1' }),
      inside('/actions/0/uri', 'invalid uri scheme'),
    ],
    [
      'a picker whose end is first',
      withActions({ type: 'datetimepicker', label: 'd', data: 'd', mode: 'time', min: '12:00', max: '11:00' }),
      inside('/actions/0/min', 'invalid property'),
    ],
    [
      'a picker at 24:00',
      withActions({ type: 'datetimepicker', label: 'd', data: 'd', mode: 'time', max: '24:00' }),
      inside('/actions/0/mode', 'invalid property'),
    ],
    ['a video in a narrow bubble', filmed({ size: 'micro' }), inside('/hero', 'invalid property')],
    [
      'a video in a carousel',
      flex({ type: 'carousel', contents: [filmed({}).contents] }),
      inside('/contents/0/hero/type', 'invalid property'),
    ],
    ['an empty Flex text', bubble({ type: 'text', text: '' }), inside('/body/contents/0/text', 'must be specified')],
    [
      'a picker whose date is a time',
      withActions({ type: 'datetimepicker', label: 'd', data: 'd', mode: 'date', initial: '12:00' }),
      inside('/actions/0/mode', 'invalid property'),
    ],
    [
      'a confirm with one action',
      { type: 'template', altText: 'a', template: { type: 'confirm', text: 't', actions: [say('y')] } },
      inside('/actions', must(2, 2)),
    ],
    ['eleven columns', carousel(...times(11, {})), inside('/columns', must(1, 10))],
    ['columns with uneven actions, without saying where', carousel({}, { actions: [say('1'), say('2')] }), whole],
    ['columns of which one has a title', carousel({}, { title: 'T' }), whole],
    [
      'an image carousel’s label of 13',
      {
        type: 'template',
        altText: 'a',
        template: { type: 'image_carousel', columns: [{ imageUrl: media, action: say('x'.repeat(13)) }] },
      },
      inside('/columns/0/action/label', shorter(12)),
    ],
    ['a Flex text without text', bubble({ type: 'text' }), inside('/body/contents/0/text', 'must be specified')],
    [
      'a Flex member it does not know',
      bubble({ type: 'text', text: 'x', mood: 'new' }),
      inside('/body/contents/0/mood', 'unknown field'),
    ],
    [
      'an http hero',
      flex({ type: 'bubble', hero: { type: 'image', url: 'http://example.com/a' } }),
      inside('/hero/url', 'invalid uri scheme'),
    ],
    [
      'a box in a baseline',
      bubble({ type: 'box', layout: 'baseline', contents: [{ type: 'box', layout: 'vertical', contents: [] }] }),
      inside('/body/contents/0/contents/0/type', 'invalid property'),
    ],
    [
      'a Flex button without label',
      bubble({ type: 'button', action: { type: 'message', text: 'x' } }),
      inside('/body/contents/0/action/label', 'must be specified'),
    ],
    ['a bubble above 30 KB', bubble(...times(31, { type: 'text', text: 'x'.repeat(1000) })), whole],
    [
      'a carousel above 50 KB',
      flex({
        type: 'carousel',
        contents: times(2, {
          type: 'bubble',
          body: { type: 'box', layout: 'vertical', contents: times(26, { type: 'text', text: 'x'.repeat(1000) }) },
        }),
      }),
      whole,
    ],
    [
      'thirteen bubbles',
      flex({ type: 'carousel', contents: times(13, bubble().contents) }),
      inside('/contents', must(1, 12)),
    ],
    [
      'bubbles of two sizes',
      flex({ type: 'carousel', contents: [bubble().contents, { ...bubble().contents, size: 'nano' }] }),
      inside('/contents', 'invalid property'),
    ],
    [
      'a bubble of nothing',
      flex({ type: 'bubble', size: 'kilo', body: null }),
      inside('/', 'At least one block must be specified'),
    ],
    [
      'a bubble of nothing among others',
      flex({ type: 'carousel', contents: [bubble().contents, { type: 'bubble' }] }),
      inside('/contents/1', 'At least one block must be specified'),
    ],
    [
      'a link that leads nowhere',
      withActions({ type: 'uri', label: 'u', uri: 'tel:' }),
      inside('/actions/0/uri', 'invalid uri'),
    ],
  ])('%s', (_what, message, refusal) => {
    expect(refusalOf({ messages: [message] })).toEqual(refusal)
  })

  it.each([
    ['no messages', {}, bean('messages', 'May not be empty')],
    ['none at all', { messages: [] }, bean('messages', 'Size must be between 1 and 5')],
    ['six', { messages: times(6, { type: 'text', text: 'x' }) }, bean('messages', 'Size must be between 1 and 5')],
  ])('%s', (_what, request, refusal) => {
    expect(refusalOf(request)).toEqual(refusal)
  })

  it('all plain members at once, before it looks inside', () => {
    expect(
      refusalOf({ messages: [{ type: 'text' }, bubble({ type: 'text' }), { type: 'sticker', packageId: '1' }] }),
    ).toEqual({
      message: 'The request body has 2 error(s)',
      details: [
        { message: 'May not be empty', property: 'messages[0].text' },
        { message: 'May not be empty', property: 'messages[2].stickerId' },
      ],
    })
  })

  it('the first message that is wrong inside, by its index', () => {
    expect(refusalOf({ messages: [{ type: 'text', text: 'x' }, bubble({ type: 'text' })] })?.message).toBe(
      'A message (messages[1]) in the request body is invalid',
    )
  })
})

it.each([
  ['text', true],
  ['sticker', true],
  ['flex', true],
  ['audio', false],
  ['location', false],
])('a %s message can be quoted: %s', (type, expected) => {
  expect(isQuotable({ type })).toBe(expected)
})
