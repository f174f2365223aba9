import { isObject, type Json } from '../../core/shape.ts'
import { actionAt, shortLabel } from './actions.ts'
import {
  both,
  byType,
  type Check,
  type Fields,
  integer,
  list,
  matching,
  mediaUrl,
  number,
  oneOf,
  optional,
  type Problem,
  rule,
  shape,
  text,
  uri,
} from './checks.ts'
import { beanRefusal, messageRefusal, type Refusal } from './dialects.ts'
import { flexContainer } from './flex.ts'
import { template } from './templates.ts'

/** LINE's limits on message objects, as its reference gives them (message-objects). */
const maxMessages = 5

const quickReply = shape({
  items: list(
    byType({
      action: shape({
        imageUrl: optional(mediaUrl),
        action: actionAt({ label: shortLabel, inQuickReply: true }),
      }),
    }),
    1,
    13,
  ),
})

const sender = shape({
  name: optional(both(text(20), matching(/^(?![^]*LINE)/))),
  iconUrl: optional(mediaUrl),
})

const message = (fields: Fields, ...rules: readonly Check[]): Check =>
  both(shape({ ...fields, quickReply: optional(quickReply), sender: optional(sender) }), ...rules)

/** LINE gives no limit for its own IDs and tokens. */
const token = text(Number.MAX_SAFE_INTEGER)
const quote = { quoteToken: optional(token) }
const altText = text(1500)

/** An emoji stands in for one `$` of the text. */
const dollars = rule(
  ({ text: whole, emojis }) =>
    typeof whole !== 'string' ||
    !Array.isArray(emojis) ||
    emojis.every((emoji) => !isObject(emoji) || typeof emoji['index'] !== 'number' || whole[emoji['index']] === '$'),
  { is: 'invalid' },
  'emojis',
)

const emojis = list(shape({ index: integer(0, 5000), productId: token, emojiId: token }), 0, 20)

const mentionee = byType({ user: shape({ userId: token }), all: shape({}) })
const substitute = byType({
  mention: shape({ mentionee }),
  emoji: shape({ productId: token, emojiId: token }),
})

const keyPattern = /^[0-9A-Za-z_]{1,20}$/

const substitution: Check = (value, path) => {
  if (!isObject(value)) return [{ path, wrong: { is: 'invalid' } }]
  const entries = Object.entries(value)
  const tooMany = (type: string): boolean =>
    entries.filter(([, entry]) => isObject(entry) && entry['type'] === type).length > 20
  if (entries.length > 100) return [{ path, wrong: { is: 'size', min: 0, max: 100 } }]
  if (tooMany('mention') || tooMany('emoji')) return [{ path, wrong: { is: 'size', min: 0, max: 20 } }]
  return entries.flatMap(([key, entry]) =>
    keyPattern.test(key) ? substitute(entry, [...path, key]) : [{ path: [...path, key], wrong: { is: 'invalid' } }],
  )
}

/** Read from the left: of `{{{a}}}` the outer braces are escapes. */
const keysOf = (whole: string): readonly string[] =>
  [...whole.matchAll(/\{\{|\}\}|\{([^{}]*)\}/g)].flatMap(([, key]) => (key === undefined ? [] : [key]))

/** Braces come in pairs, and every `{key}` of a textV2 has its substitution. */
const substituted = rule(
  ({ text: whole, substitution: given }) =>
    typeof whole !== 'string' ||
    (keysOf(whole).every((key) => isObject(given) && isObject(given[key]) && Object.hasOwn(given, key)) &&
      !/[{}]/.test(whole.replaceAll(/\{\{|\}\}|\{\w*\}/g, ''))),
  { is: 'invalid' },
  'text',
)

const area = shape({
  x: integer(0, 100_000),
  y: integer(0, 100_000),
  width: integer(1, 100_000),
  height: integer(1, 100_000),
})

const imagemapAction = byType({
  uri: shape({ label: optional(text(100)), linkUri: uri(1000, 'http', 'https', 'line', 'tel'), area }),
  message: shape({ label: optional(text(100)), text: text(400), area }),
  clipboard: shape({ label: optional(text(100)), clipboardText: text(1000), area }),
})

const imagemapVideo = shape({
  originalContentUrl: mediaUrl,
  previewImageUrl: mediaUrl,
  area,
  externalLink: optional(shape({ linkUri: uri(1000, 'http', 'https', 'line', 'tel'), label: text(30) })),
})

const types: Readonly<Record<string, Check>> = {
  text: message({ text: text(5000), emojis: optional(emojis), ...quote }, dollars),
  textV2: message({ text: text(5000), substitution: optional(substitution), ...quote }, substituted),
  sticker: message({ packageId: token, stickerId: token, ...quote }),
  image: message({ originalContentUrl: mediaUrl, previewImageUrl: mediaUrl }),
  video: message({
    originalContentUrl: mediaUrl,
    previewImageUrl: mediaUrl,
    trackingId: optional(matching(/^[-.=,+*()%$&;:@{}!?<>[\]0-9A-Za-z]{1,100}$/)),
  }),
  audio: message({ originalContentUrl: mediaUrl, duration: integer(1, Number.MAX_SAFE_INTEGER) }),
  location: message({ title: text(100), address: text(100), latitude: number(-90, 90), longitude: number(-180, 180) }),
  imagemap: message({
    baseUrl: mediaUrl,
    altText,
    baseSize: shape({ width: integer(1040, 1040), height: integer(1, 100_000) }),
    actions: list(imagemapAction, 1, 50),
    video: optional(imagemapVideo),
  }),
  template: message({ altText, template: shape({ type: oneOf('buttons', 'confirm', 'carousel', 'image_carousel') }) }),
  flex: message({ altText, contents: shape({}) }),
  coupon: message({ couponId: token, deliveryTag: optional(matching(/^[0-9A-Za-z_]{1,30}$/)) }),
}

/** What is judged, and answered, apart: the inside of a template and of a Flex container. */
const inside = (value: Json): readonly Problem[] => {
  if (value['type'] === 'template') return template(value['template'], [])
  if (value['type'] === 'flex') return flexContainer(value['contents'], [])
  return []
}

const messages = list(byType(types), 1, maxMessages)

/** Refuses what LINE refuses: first the request and its plain members, all at once, then the first message inside. */
export const refusalOf = (request: Json, others: Fields = {}): Refusal | undefined => {
  const problems = shape({ ...others, messages })(request, [])
  if (problems.length > 0) return beanRefusal(problems)
  const given = Array.isArray(request['messages']) ? request['messages'].filter(isObject) : []
  for (const [index, value] of given.entries()) {
    const wrong = inside(value)
    if (wrong.length > 0) return messageRefusal(index, wrong)
  }
  return undefined
}

/** The types that can be quoted later: their answer carries a quote token (get-quote-tokens). */
export const isQuotable = (value: unknown): boolean =>
  isObject(value) && ['text', 'textV2', 'sticker', 'image', 'video', 'template', 'flex'].includes(String(value['type']))
