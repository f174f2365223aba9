import { describe, expect, it } from 'vitest'
import { judgeMessages } from '../../../functions/core/line/messages.ts'
import type { Problem } from '../../../functions/core/problem.ts'
import { refusalOf } from '../../../functions/local/line/messages.ts'

/**
 * LINE's limits are written down twice, without a shared line: in core for whoever writes rules, in the stand-in as
 * LINE. What one takes the other must take; where they differ on purpose, it is named here.
 */

const url = 'https://example.com/a.png'
const say = { type: 'message', label: 'Say', text: 'it' }
const family = '👨‍👩‍👧‍👦'
const picker = {
  type: 'datetimepicker',
  label: 'When',
  data: 'when',
  mode: 'datetime',
  min: '2030-01-01T00:00',
  max: '2030-12-31t23:59',
}
const postback = {
  type: 'postback',
  label: 'Buy',
  data: 'buy=1',
  displayText: 'buys',
  inputOption: 'openKeyboard',
  fillInText: 'name',
}
const open = { type: 'uri', label: 'Open', uri: 'tel:110', altUri: { desktop: 'line://nv/settings' } }
const copy = { type: 'clipboard', label: 'Copy', clipboardText: 'x' }
const column = {
  title: 't',
  text: 'x',
  thumbnailImageUrl: url,
  imageBackgroundColor: '#FFFFFF',
  actions: [say],
  defaultAction: open,
}
const inTemplate = (template: object) => ({ type: 'template', altText: 'alt', template })
const area = { x: 0, y: 0, width: 1040, height: 1040 }
const place = { margin: 'md', position: 'relative', offsetTop: '-1px', offsetStart: '5%' }
const letters = { size: 'sm', color: '#111111', weight: 'bold', style: 'italic', decoration: 'none' }
const picture = {
  type: 'image',
  url,
  size: 'full',
  aspectRatio: '20:13',
  aspectMode: 'cover',
  animated: true,
  action: open,
  ...place,
}
const words = {
  type: 'text',
  text: 'hi',
  flex: 1,
  wrap: true,
  maxLines: 2,
  lineSpacing: '4px',
  align: 'end',
  action: say,
  ...letters,
  ...place,
}
const box = (contents: readonly object[], more: object = {}) => ({ type: 'box', layout: 'vertical', contents, ...more })
const components: readonly object[] = [
  words,
  { type: 'text', contents: [{ type: 'span', text: 'a', ...letters }], adjustMode: 'shrink-to-fit', scaling: true },
  picture,
  { type: 'separator', margin: '8px', color: '#00000080' },
  { type: 'button', action: picker, style: 'primary', height: 'sm', gravity: 'top', color: '#111111' },
  box(
    [
      { type: 'icon', url, size: '14px', aspectRatio: '1:1' },
      { type: 'text', text: 'a' },
      { type: 'filler', flex: 2 },
    ],
    {
      layout: 'baseline',
    },
  ),
  box([], {
    spacing: 'sm',
    width: '50%',
    maxHeight: '300px',
    paddingAll: '5%',
    borderWidth: 'semi-bold',
    cornerRadius: 'xxl',
    backgroundColor: '#00000000',
    justifyContent: 'space-evenly',
    alignItems: 'center',
  }),
  box([], {
    background: {
      type: 'linearGradient',
      angle: '23.5deg',
      startColor: '#000000',
      endColor: '#ffffff',
      centerPosition: '10%',
    },
  }),
]
const film = { type: 'video', url, previewUrl: url, altContent: picture, aspectRatio: '16:9', action: open }
const bubble = {
  type: 'bubble',
  size: 'kilo',
  direction: 'rtl',
  header: box([]),
  hero: { type: 'image', url },
  body: box([]),
  styles: { body: { separator: true, separatorColor: '#111111' } },
  action: say,
}
const flex = (contents: object) => ({ type: 'flex', altText: 'alt', contents })
const quick = (action: object) => ({ type: 'action', imageUrl: url, action })

const messages: readonly object[] = [
  {
    type: 'text',
    text: 'a $',
    emojis: [{ index: 2, productId: 'p', emojiId: 'e' }],
    quoteToken: 'q',
    sender: { name: 'Cony', iconUrl: url },
  },
  {
    type: 'textV2',
    text: '{who} {all} {smile} {{}}',
    substitution: {
      who: { type: 'mention', mentionee: { type: 'user', userId: 'U1' } },
      all: { type: 'mention', mentionee: { type: 'all' } },
      smile: { type: 'emoji', productId: 'p', emojiId: 'e' },
    },
  },
  { type: 'sticker', packageId: '446', stickerId: '1988' },
  { type: 'image', originalContentUrl: url, previewImageUrl: url },
  { type: 'video', originalContentUrl: url, previewImageUrl: url, trackingId: 'track-1' },
  { type: 'audio', originalContentUrl: url, duration: 1000 },
  { type: 'location', title: 't', address: 'a', latitude: 35.6, longitude: 139.7 },
  {
    type: 'imagemap',
    baseUrl: 'https://example.com/map',
    altText: 'alt',
    baseSize: { width: 1040, height: 1040 },
    video: { originalContentUrl: url, previewImageUrl: url, area, externalLink: { linkUri: url, label: 'more' } },
    actions: [
      { type: 'uri', label: 'l', linkUri: url, area },
      { type: 'message', text: 'm', area },
      { type: 'clipboard', clipboardText: 'c', area },
    ],
  },
  { type: 'coupon', couponId: 'c', deliveryTag: 'tag_1' },
  inTemplate({
    type: 'buttons',
    title: 't',
    text: 'x',
    thumbnailImageUrl: url,
    imageAspectRatio: 'square',
    imageSize: 'contain',
    actions: [say, postback, picker, copy],
  }),
  inTemplate({ type: 'confirm', text: 'x', actions: [open, say] }),
  inTemplate({ type: 'carousel', columns: [column, column], imageSize: 'cover' }),
  inTemplate({
    type: 'image_carousel',
    columns: [
      { imageUrl: url, action: say },
      { imageUrl: url, action: { type: 'postback', data: 'd' } },
    ],
  }),
  flex(bubble),
  ...components.map((component) => flex({ type: 'bubble', body: box([component]) })),
  flex({
    type: 'carousel',
    contents: [
      { type: 'bubble', hero: picture },
      { type: 'bubble', hero: box([]), size: 'mega' },
    ],
  }),
  flex({ type: 'bubble', hero: film }),
  {
    type: 'text',
    text: 'q',
    quickReply: {
      items: [
        say,
        picker,
        { type: 'camera', label: 'c' },
        { type: 'cameraRoll', label: 'c' },
        { type: 'location', label: 'l' },
      ].map(quick),
    },
  },
]

const short = [12, 13, 20, 21, 30, 31, 40, 41, 60, 61, 100, 101, 120, 121, 160, 161, 240, 241, 300, 301, 400, 401]
const long = [1000, 1001, 1500, 1501, 2000, 2001, 5000, 5001]
const lengths = (member: string, value: unknown): readonly string[] => {
  if (typeof value !== 'string') return []
  if (/ur[il]$|desktop/i.test(member)) return long.map((length) => 'https://example.com/'.padEnd(length, 'x'))
  const some = /text$/i.test(member) ? [...short, ...long] : short
  return [...some.map((length) => 'x'.repeat(length)), ...short.slice(0, 10).map((count) => family.repeat(count))]
}

/** What is nearly right somewhere, and what is right nowhere. */
const others: readonly unknown[] = [
  null,
  undefined,
  '',
  'x',
  'LINE',
  'http://example.com/',
  'https://example.com/火',
  'javascript:1',
  'tel:110',
  'tel:',
  'https://',
  'line://?a',
  '火',
  'a b',
  'a-b',
  '{x}',
  '{who}',
  'a } b',
  '{who}}}',
  '2030-06-01',
  '2030-02-29',
  '2030-06-01T12:00',
  '2101-01-01T00:00',
  '12:00',
  '24:00',
  'date',
  'time',
  '#12345',
  '#123456',
  '#12345678',
  'none',
  'md',
  'full',
  '5xl',
  'light',
  '10px',
  '-10px',
  '10%',
  '10',
  '1:3',
  '1:3.1',
  '0:1',
  '100001:100001',
  '359.9deg',
  '360deg',
  '100%',
  '101%',
  'nano',
  'giga',
  'baseline',
  'horizontal',
  'box',
  'text',
  'image',
  'message',
  'uri',
  'camera',
  'richmenuswitch',
  'flex-end',
  'rtl',
  'openVoice',
  -1,
  0,
  1,
  0.5,
  91,
  181,
  1040,
  1041,
  true,
  {},
  [],
  [{}],
  [say],
  Array.from({ length: 51 }, () => say),
  say,
  open,
  postback,
  picture,
  words,
  box([]),
  film,
  { type: 'icon', url },
  { type: 'separator' },
]

interface Difference {
  readonly because: string
  /** What ours says, after its path; the stand-in says nothing. */
  readonly ours: RegExp
}

const differences: readonly Difference[] = [
  {
    because: 'LINE ignores members it does not know outside Flex; in a rule they are misspelt',
    ours: /^(?!.*\.contents[.[]).*has no \w+[,;] (but|did) |: (this \w+ action|altUri) has no \w+[,;] (but|did) /,
  },
  { because: 'LINE takes areas off the picture, which nobody can touch', ours: /: ends at [xy] / },
  {
    because: 'LINE’s reference does not say that a needless substitution is refused; in a rule it is a slip',
    ours: /: text has no \{/,
  },
  {
    because: 'the stand-in does not know LINE’s list of stickers; here at least a number is asked for',
    ours: /: "[^"]+" is not a number in quotes/,
  },
  {
    because: 'LINE’s reference limits min and max alone; a first choice outside them cannot be chosen',
    ours: /: must not be (before min|after max)$/,
  },
]

const isNamed = ({ path, message }: Problem): boolean =>
  differences.some(({ ours }) => ours.test(`${path}: ${message}`))

/** Undefined where nothing but a named difference is wrong. */
const oursSays = (message: unknown): Problem | undefined => judgeMessages([message], 'r').find((one) => !isNamed(one))

interface Spot {
  readonly path: readonly string[]
  readonly value: unknown
}

const spotsIn = (value: unknown, path: readonly string[] = []): Spot[] =>
  Object.entries(typeof value === 'object' && value !== null ? value : {}).flatMap(([name, one]) => [
    { path: [...path, name], value: one },
    ...spotsIn(one, [...path, name]),
  ])

const put = (value: unknown, [name, ...rest]: readonly string[], to: unknown): unknown => {
  if (name === undefined) return to
  if (Array.isArray(value)) return value.map((one, i) => (String(i) === name ? put(one, rest, to) : one))
  return { ...(value as object), [name]: put((value as Record<string, unknown>)[name], rest, to) }
}

/** As it comes out of YAML or JSON: without members that are undefined. */
const written = (message: unknown): unknown => JSON.parse(JSON.stringify(message))

const disagreements = (all: readonly unknown[]): string[] =>
  all.map(written).flatMap((message) => {
    const [ours, theirs] = [oursSays(message), refusalOf({ messages: [message] })]
    if ((ours === undefined) === (theirs === undefined)) return []
    const said = ours
      ? `only ours refuses: ${ours.path}: ${ours.message}`
      : `only the stand-in refuses: ${JSON.stringify(theirs)}`
    return [`${said.slice(0, 300)} in ${JSON.stringify(message).slice(0, 200)}`]
  })

describe('LINE’s limits, as they are written here and in the stand-in', () => {
  it('take the same messages', () => {
    expect(disagreements(messages)).toEqual([])
    for (const message of messages) expect(refusalOf({ messages: [message] })).toBeUndefined()
  })

  it.each(messages.map((message) => [JSON.stringify(message).slice(0, 80), message] as const))(
    'agree about %s with any one member changed',
    (_what, message) => {
      const changed = spotsIn(message).flatMap(({ path, value }) =>
        [...lengths(path.at(-1) ?? '', value), ...others].map((other) => put(message, path, other)),
      )
      expect(disagreements(changed).slice(0, 20)).toEqual([])
    },
  )

  it.each(['title', 'text', 'label', 'action', 'actions', 'contents', 'quickReply', 'sender', 'size', 'mood'])(
    'agree about a %s where there was none',
    (member) => {
      const changed = messages.flatMap((message) =>
        spotsIn(message).map(({ path }) => put(message, [...path.slice(0, -1), member], 'x')),
      )
      expect(disagreements(changed).slice(0, 20)).toEqual([])
    },
  )

  it.each(differences)('differ where $because', ({ ours }) => {
    const off = { ...area, x: 1 }
    const samples = [
      { type: 'text', text: 'x', mood: 'new' },
      {
        type: 'imagemap',
        baseUrl: 'https://example.com/map',
        altText: 'a',
        baseSize: { width: 1040, height: 1040 },
        actions: [{ type: 'uri', linkUri: url, area: off }],
      },
      { type: 'textV2', text: 'x', substitution: { all: { type: 'mention', mentionee: { type: 'all' } } } },
      { type: 'sticker', packageId: 'x', stickerId: '1' },
      inTemplate({ type: 'confirm', text: 'x', actions: [say, { ...picker, initial: '2029-01-01T00:00' }] }),
    ]
    const found = samples.filter((sample) =>
      judgeMessages([sample], 'r').some(({ path, message }) => ours.test(`${path}: ${message}`)),
    )
    expect(found).toHaveLength(1)
    expect(refusalOf({ messages: found })).toBeUndefined()
  })
})
