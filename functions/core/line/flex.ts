import type { Problem } from '../problem.ts'
import { isObject, type Json } from '../shape.ts'
import { leastOf } from '../template.ts'
import { action, hosts } from './action.ts'
import { all, type Check, flag, isGiven, list, oneOf, type Shape, shaped, typed } from './check.ts'
import { color } from './flex-form.ts'
import { box, image, video } from './flex-part.ts'
import { altText } from './template.ts'

/** UTF-8 bytes of JSON: LINE says 30 KB and 50 KB, taken for kibibytes, so that nothing is refused that LINE takes. */
const maxBubbleBytes = 30 * 1024
const maxCarouselBytes = 50 * 1024
/** In one message (OAS:messaging-api, FlexImage). */
const maxAnimated = 10

const style = shaped({
  name: 'a style',
  optional: { backgroundColor: color, separator: flag, separatorColor: color },
})

const bubbleWith = (hero: Check): Shape => ({
  name: 'a bubble',
  optional: {
    direction: oneOf('ltr', 'rtl'),
    size: oneOf('nano', 'micro', 'deca', 'hecto', 'kilo', 'mega', 'giga'),
    header: typed('header', { box }),
    hero,
    body: typed('body', { box }),
    footer: typed('footer', { box }),
    styles: shaped({ name: 'styles', optional: { header: style, hero: style, body: style, footer: style } }),
    action: action(hosts.flex),
  },
  also: (members, path, problems) => {
    hasBlock(members, path, problems)
    videoHasRoom(members, path, problems)
  },
})

const lone = bubbleWith(typed('hero', { box, image, video }))

const strayVideo: Shape = {
  ...video,
  also: (_, path, problems) =>
    problems.push({ path: `${path}.type`, message: 'a video needs a bubble of its own, outside a carousel' }),
}
const neighbour = bubbleWith(typed('hero', { box, image, video: strayVideo }))
/** A bubble is measured alone: in a carousel each one may have what a single one may. */
const measured: Check = all(typed('bubble', { bubble: neighbour }), atMost(maxBubbleBytes))

const carousel: Shape = {
  name: 'a carousel',
  required: { contents: list({ min: 1, max: 12, what: 'bubbles' }, measured) },
  also: bubblesAreAlike,
}

const container = typed('flex container', { bubble: lone, carousel })

export const flex: Shape = {
  name: 'a flex message',
  required: {
    altText,
    contents: (value, path, problems) => {
      container(value, path, problems)
      const isCarousel = isObject(value) && value['type'] === 'carousel'
      atMost(isCarousel ? maxCarouselBytes : maxBubbleBytes)(value, path, problems)
      const animated = animatedIn(value)
      if (animated > maxAnimated)
        problems.push({ path, message: `${animated} animated images, at most ${maxAnimated}` })
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

const blocks = ['header', 'hero', 'body', 'footer']

function hasBlock(members: Json, path: string, problems: Problem[]): void {
  if (blocks.some((block) => isGiven(members[block]))) return
  problems.push({ path, message: `nothing is in the bubble: write one of ${blocks.join(', ')}` })
}

function videoHasRoom({ hero, size }: Json, path: string, problems: Problem[]): void {
  if (!isObject(hero) || hero['type'] !== 'video') return
  if (['kilo', 'mega', 'giga'].includes(String(size ?? 'mega'))) return
  problems.push({ path: `${path}.hero.type`, message: 'a video needs a bubble of size kilo, mega or giga' })
}

function bubblesAreAlike({ contents }: Json, path: string, problems: Problem[]): void {
  const bubbles = Array.isArray(contents) ? contents.filter(isObject) : []
  const [first = 'mega', ...rest] = bubbles.map((one) => one['size'] ?? 'mega')
  for (const [i, size] of rest.entries()) {
    if (size === first) continue
    const message = `${JSON.stringify(size)}, but the first bubble has ${JSON.stringify(first)}: all alike`
    problems.push({ path: `${path}.contents[${i + 1}].size`, message })
  }
}

function animatedIn(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, one) => sum + animatedIn(one), 0)
  if (!isObject(value)) return 0
  return (value['animated'] === true ? 1 : 0) + animatedIn(Object.values(value))
}
