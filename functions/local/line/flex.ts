import { isObject } from '../../core/shape.ts'
import { actionAt, flexButtonLabel, flexLabel, pageAction } from './actions.ts'
import {
  both,
  byType,
  type Check,
  closed,
  flag,
  integer,
  list,
  matching,
  mediaUrl,
  oneOf,
  optional,
  rule,
} from './checks.ts'

/** JSON sizes in bytes of UTF-8 (flex-message). */
const maxBubbleBytes = 30 * 1024
const maxCarouselBytes = 50 * 1024
const maxBubbles = 12

const maxAnimated = 10

const type: Check = () => []
const colour = matching(/^#([0-9A-Fa-f]{6}|[0-9A-Fa-f]{8})$/)

/** Lengths (flex-message-layout): keywords, and pixels or percentages where they are allowed. */
const gap = matching(/^(none|xs|sm|md|lg|xl|xxl|\d+(\.\d+)?px)$/)
const padding = matching(/^(none|xs|sm|md|lg|xl|xxl|\d+(\.\d+)?(px|%))$/)
const shift = matching(/^(none|xs|sm|md|lg|xl|xxl|-?\d+(\.\d+)?(px|%))$/)
const extent = matching(/^\d+(\.\d+)?(px|%)$/)
const stroke = matching(/^(none|light|normal|medium|semi-bold|bold|\d+(\.\d+)?px)$/)
const fontSize = matching(/^(xxs|xs|sm|md|lg|xl|xxl|[345]xl|\d+(\.\d+)?px)$/)
const imageSize = matching(/^(xxs|xs|sm|md|lg|xl|xxl|[345]xl|full|\d+(\.\d+)?(px|%))$/)

/** `{width}:{height}`, each from 1 to 100,000, and no more than three times as high as wide. */
const ratio: Check = (value, path) => {
  const [, wide, high] = /^(\d+(?:\.\d+)?):(\d+(?:\.\d+)?)$/.exec(String(value)) ?? []
  const [width, height] = [Number(wide), Number(high)]
  const isRight = width >= 1 && height >= 1 && width <= 100_000 && height <= 100_000 && height / width <= 3
  return isRight ? [] : [{ path, wrong: { is: 'invalid' } }]
}

const anyText = matching(/^[^]*$/)
const tapped = optional(actionAt({ label: flexLabel }))
const place = {
  margin: optional(gap),
  position: optional(oneOf('relative', 'absolute')),
  offsetTop: optional(shift),
  offsetBottom: optional(shift),
  offsetStart: optional(shift),
  offsetEnd: optional(shift),
}
const flex = { flex: optional(integer(0, Number.MAX_SAFE_INTEGER)) }
const align = { align: optional(oneOf('start', 'end', 'center')) }
const gravity = { gravity: optional(oneOf('top', 'bottom', 'center')) }
const font = {
  size: optional(fontSize),
  color: optional(colour),
  weight: optional(oneOf('regular', 'bold')),
  style: optional(oneOf('normal', 'italic')),
  decoration: optional(oneOf('none', 'underline', 'line-through')),
}
const fitting = { adjustMode: optional(oneOf('shrink-to-fit')), scaling: optional(flag) }

const span = closed({ type, text: optional(anyText), ...font })

const words = both(
  closed({
    type,
    text: optional(anyText),
    contents: optional(list(byType({ span }), 1, 100)),
    ...font,
    ...flex,
    ...place,
    ...align,
    ...gravity,
    ...fitting,
    wrap: optional(flag),
    lineSpacing: optional(matching(/^\d+(\.\d+)?px$/)),
    maxLines: optional(integer(0, Number.MAX_SAFE_INTEGER)),
    action: tapped,
  }),
  // Where there are spans, the text is ignored.
  rule(
    ({ text, contents: spans }) => Boolean(spans) || (typeof text === 'string' && text !== ''),
    { is: 'missing' },
    'text',
  ),
)

const button = closed({
  type,
  action: actionAt({ label: flexButtonLabel }),
  color: optional(colour),
  style: optional(oneOf('primary', 'secondary', 'link')),
  height: optional(oneOf('sm', 'md')),
  ...flex,
  ...place,
  ...gravity,
  ...fitting,
})

const image = closed({
  type,
  url: mediaUrl,
  size: optional(imageSize),
  aspectRatio: optional(ratio),
  aspectMode: optional(oneOf('cover', 'fit')),
  backgroundColor: optional(colour),
  animated: optional(flag),
  action: tapped,
  ...flex,
  ...place,
  ...align,
  ...gravity,
})

const icon = closed({
  type,
  url: mediaUrl,
  size: optional(fontSize),
  aspectRatio: optional(ratio),
  scaling: optional(flag),
  ...place,
})

const separator = closed({ type, margin: optional(gap), color: optional(colour) })
const filler = closed({ type, ...flex })

const background = byType({
  linearGradient: closed({
    type,
    angle: matching(/^(\d{1,2}|[12]\d\d|3[0-5]\d)(\.\d+)?deg$/),
    startColor: colour,
    endColor: colour,
    centerColor: optional(colour),
    centerPosition: optional(matching(/^(\d{1,2}(\.\d+)?|100(\.0+)?)%$/)),
  }),
})

/** A box's layout says what it may hold: icons stand in a baseline only, and boxes not in one. */
const contents: Check = (value, path) => {
  const layout = isObject(value) ? value['layout'] : undefined
  const component =
    layout === 'baseline'
      ? byType({ icon, text: words, filler })
      : byType({ box, button, image, text: words, separator, filler })
  return isObject(value) ? list(component, 0, Number.MAX_SAFE_INTEGER)(value['contents'], [...path, 'contents']) : []
}

const sized = (check: Check, ...names: readonly string[]): Readonly<Record<string, Check>> =>
  Object.fromEntries(names.map((name) => [name, optional(check)]))

const box: Check = both(
  closed({
    type,
    layout: oneOf('horizontal', 'vertical', 'baseline'),
    contents: type,
    backgroundColor: optional(colour),
    borderColor: optional(colour),
    background: optional(background),
    justifyContent: optional(
      oneOf('flex-start', 'center', 'flex-end', 'space-between', 'space-around', 'space-evenly'),
    ),
    alignItems: optional(oneOf('flex-start', 'center', 'flex-end')),
    action: tapped,
    ...flex,
    ...place,
    borderWidth: optional(stroke),
    ...sized(gap, 'spacing', 'cornerRadius'),
    ...sized(extent, 'width', 'maxWidth', 'height', 'maxHeight'),
    ...sized(padding, 'paddingAll', 'paddingTop', 'paddingBottom', 'paddingStart', 'paddingEnd'),
  }),
  contents,
)

const video = closed({
  type,
  url: mediaUrl,
  previewUrl: mediaUrl,
  altContent: byType({ box, image }),
  aspectRatio: optional(ratio),
  action: optional(pageAction),
})

const blockStyle = optional(
  closed({ backgroundColor: optional(colour), separator: optional(flag), separatorColor: optional(colour) }),
)

const block = optional(byType({ box }))

/** A bubble of nothing but a size is refused, as the whole that it is. */
const hasBlock = rule(
  ({ header, hero, body, footer }) =>
    [header, hero, body, footer].some((given) => given !== undefined && given !== null),
  { is: 'blockless' },
)

const bubbleWith = (hero: Check): Check =>
  both(
    closed({
      type,
      size: optional(oneOf('nano', 'micro', 'deca', 'hecto', 'kilo', 'mega', 'giga')),
      direction: optional(oneOf('ltr', 'rtl')),
      header: block,
      hero: optional(hero),
      body: block,
      footer: block,
      styles: optional(closed({ header: blockStyle, hero: blockStyle, body: blockStyle, footer: blockStyle })),
      action: tapped,
    }),
    hasBlock,
  )

const isWide = (width: unknown): boolean => ['kilo', 'mega', 'giga'].includes(String(width ?? 'mega'))

/** A video stands in a wide bubble of its own. */
const videoHasRoom = rule(
  ({ size: width, hero }) => !isObject(hero) || hero['type'] !== 'video' || isWide(width),
  { is: 'invalid' },
  'hero',
)

const lone = both(bubbleWith(byType({ box, image, video })), videoHasRoom)
const neighbour = bubbleWith(byType({ box, image }))

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value))

const within =
  (maxBytes: number, check: Check): Check =>
  (value, path) =>
    bytesOf(value) > maxBytes ? [{ path, wrong: { is: 'length', min: 0, max: maxBytes } }] : check(value, path)

const bubbleSize = (value: unknown): unknown => (isObject(value) ? (value['size'] ?? 'mega') : undefined)

const oneSize = rule(
  ({ contents: given }) => !Array.isArray(given) || new Set(given.map(bubbleSize)).size <= 1,
  { is: 'invalid' },
  'contents',
)

const bubbles = list(byType({ bubble: within(maxBubbleBytes, neighbour) }), 1, maxBubbles)

const animatedIn = (value: unknown): number => JSON.stringify(value).split('"animated":true').length - 1

const calm: Check = (value, path) =>
  animatedIn(value) > maxAnimated ? [{ path, wrong: { is: 'size', min: 0, max: maxAnimated } }] : []

/** A Flex message's `contents`. */
export const flexContainer: Check = both(
  byType({
    bubble: within(maxBubbleBytes, lone),
    carousel: within(maxCarouselBytes, both(closed({ type, contents: bubbles }), oneSize)),
  }),
  (value, path) => (isObject(value) ? calm(value, path) : []),
)
