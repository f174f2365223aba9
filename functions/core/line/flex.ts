import type { Problem } from '../problem.ts'
import { leastOf } from '../template.ts'
import { action, hosts } from './action.ts'
import {
  all,
  anything,
  type Check,
  httpsUrl,
  isMembers,
  list,
  type Members,
  oneOf,
  type Shape,
  shaped,
  string,
  typed,
} from './check.ts'
import { altText } from './template.ts'

/** UTF-8 bytes of JSON: LINE says 30 KB and 50 KB, taken for kibibytes, so that nothing is refused that LINE takes. */
const maxBubbleBytes = 30 * 1024
const maxCarouselBytes = 50 * 1024

const named = (...members: readonly string[]) => Object.fromEntries(members.map((member) => [member, anything]))

const place = named('margin', 'position', 'offsetTop', 'offsetBottom', 'offsetStart', 'offsetEnd')
const sizesOfBox = named('flex', 'spacing', 'width', 'maxWidth', 'height', 'maxHeight')
const paddings = named('paddingAll', 'paddingTop', 'paddingBottom', 'paddingStart', 'paddingEnd')
const border = named('borderColor', 'borderWidth', 'cornerRadius')
const boxLooks = {
  ...sizesOfBox,
  ...paddings,
  ...border,
  ...named('backgroundColor', 'background', 'justifyContent', 'alignItems'),
}
const letters = {
  size: anything,
  color: anything,
  weight: oneOf('regular', 'bold'),
  style: oneOf('normal', 'italic'),
  decoration: oneOf('none', 'underline', 'line-through'),
}
const touched = { action: action(hosts.flex) }
const align = oneOf('start', 'end', 'center')
const gravity = oneOf('top', 'bottom', 'center')

const box: Shape = {
  name: 'a box',
  required: { layout: oneOf('horizontal', 'vertical', 'baseline'), contents: anything },
  optional: { ...place, ...boxLooks, ...touched },
  // Here and not in the table, because boxes hold boxes.
  also: ({ layout, contents }, path, problems) =>
    contents !== undefined && many(layout === 'baseline' ? inBaseline : inBox)(contents, `${path}.contents`, problems),
}
const image: Shape = {
  name: 'an image',
  required: { url: httpsUrl },
  optional: {
    ...place,
    ...named('flex', 'size', 'aspectRatio', 'backgroundColor', 'animated'),
    ...touched,
    align,
    gravity,
    aspectMode: oneOf('fit', 'cover'),
  },
}
const button: Shape = {
  name: 'a button',
  required: { action: action(hosts.flexButton) },
  optional: {
    ...place,
    ...named('flex', 'color', 'scaling'),
    style: oneOf('primary', 'secondary', 'link'),
    gravity,
    height: oneOf('sm', 'md'),
    adjustMode: oneOf('shrink-to-fit'),
  },
}
const icon: Shape = {
  name: 'an icon',
  required: { url: httpsUrl },
  optional: { ...place, ...named('size', 'aspectRatio', 'scaling') },
}
const span = shaped({ name: 'a span', required: { type: oneOf('span'), text: string }, optional: letters })
const text: Shape = {
  name: 'a text',
  optional: {
    ...place,
    ...named('flex', 'wrap', 'lineSpacing', 'maxLines', 'scaling'),
    ...letters,
    ...touched,
    text: string,
    contents: many(span),
    align,
    gravity,
    adjustMode: oneOf('shrink-to-fit'),
  },
  also: (members, path, problems) => {
    if (members['text'] !== undefined || members['contents'] !== undefined) return
    problems.push({ path: `${path}.text`, message: 'missing: a text needs text, or spans in contents' })
  },
}
const separator: Shape = { name: 'a separator', optional: named('margin', 'color') }
const filler: Shape = { name: 'a filler', optional: named('flex') }
const video: Shape = {
  name: 'a video',
  required: { url: httpsUrl, previewUrl: httpsUrl, altContent: typed('altContent', { box, image }) },
  optional: { ...named('aspectRatio'), ...touched },
}

const strayIcon: Shape = {
  ...icon,
  also: (_, path, problems) =>
    problems.push({ path: `${path}.type`, message: 'an icon stands in a box with layout: baseline only' }),
}
const inBox = typed('component of a box', { box, button, image, text, separator, filler, icon: strayIcon })
const inBaseline = typed('component of a baseline box', { icon, text, filler })

function many(item: Check): Check {
  return list({ min: 0, max: Infinity, what: 'components' }, item)
}

const block = shaped({ name: 'a style', optional: named('backgroundColor', 'separator', 'separatorColor') })
const block4 = { header: block, hero: block, body: block, footer: block }
const sizes = ['nano', 'micro', 'deca', 'hecto', 'kilo', 'mega', 'giga'] as const

const bubble: Shape = {
  name: 'a bubble',
  optional: {
    direction: oneOf('ltr', 'rtl'),
    size: oneOf(...sizes),
    header: typed('header', { box }),
    hero: typed('hero', { box, image, video }),
    body: typed('body', { box }),
    footer: typed('footer', { box }),
    styles: shaped({ name: 'styles', optional: block4 }),
    ...touched,
  },
  also: videoHasRoom,
}
/** A bubble is measured alone: in a carousel each one may have what a single one may. */
const measuredBubble: Check = all(typed('bubble', { bubble }), atMost(maxBubbleBytes))

const carousel: Shape = {
  name: 'a carousel',
  required: { contents: list({ min: 1, max: 12, what: 'bubbles' }, measuredBubble) },
  also: bubblesAreAlike,
}

const container = typed('flex container', { bubble, carousel })

export const flex: Shape = {
  name: 'a flex message',
  required: {
    altText,
    contents: (value, path, problems) => {
      container(value, path, problems)
      const isCarousel = isMembers(value) && value['type'] === 'carousel'
      atMost(isCarousel ? maxCarouselBytes : maxBubbleBytes)(value, path, problems)
    },
  },
}

function atMost(maxBytes: number): Check {
  return (value, path, problems) => {
    const json = JSON.stringify(value, (_, member) => (typeof member === 'string' ? leastOf(member) : member))
    const bytes = Buffer.byteLength(json ?? '')
    if (bytes > maxBytes) problems.push({ path, message: `${bytes} bytes of JSON, at most ${maxBytes}` })
  }
}

function videoHasRoom({ hero, size }: Members, path: string, problems: Problem[]): void {
  if (!isMembers(hero) || hero['type'] !== 'video' || size === undefined) return
  if (size === 'kilo' || size === 'mega' || size === 'giga') return
  problems.push({ path: `${path}.hero.type`, message: 'a video needs a bubble of size kilo, mega or giga' })
}

function bubblesAreAlike({ contents }: Members, path: string, problems: Problem[]): void {
  const bubbles = Array.isArray(contents) ? contents.filter(isMembers) : []
  const [first = 'mega', ...rest] = bubbles.map((one) => one['size'] ?? 'mega')
  for (const [i, size] of rest.entries()) {
    if (size === first) continue
    const message = `${JSON.stringify(size)}, but the first bubble has ${JSON.stringify(first)}: all alike`
    problems.push({ path: `${path}.contents[${i + 1}].size`, message })
  }
}
