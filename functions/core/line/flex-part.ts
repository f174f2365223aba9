import { action, hosts } from './action.ts'
import { anything, type Check, flag, isGiven, list, oneOf, type Shape, typed } from './check.ts'
import {
  angle,
  border,
  color,
  imageSize,
  length,
  letterSize,
  offset,
  padding,
  pixels,
  position,
  ratio,
  space,
} from './flex-form.ts'
import { whole } from './number.ts'
import { string } from './string.ts'
import { httpsUrl } from './uri.ts'

/** Flex's components, each with the members that LINE gives it; LINE refuses any other. */

const alike = (check: Check, ...members: readonly string[]): Readonly<Record<string, Check>> =>
  Object.fromEntries(members.map((member) => [member, check]))

const place = {
  margin: space,
  position: oneOf('relative', 'absolute'),
  ...alike(offset, 'offsetTop', 'offsetBottom', 'offsetStart', 'offsetEnd'),
}
const share = { flex: whole(0) }
const letters = {
  size: letterSize,
  color,
  weight: oneOf('regular', 'bold'),
  style: oneOf('normal', 'italic'),
  decoration: oneOf('none', 'underline', 'line-through'),
}
const touched = { action: action(hosts.flex) }
const align = oneOf('start', 'end', 'center')
const gravity = oneOf('top', 'bottom', 'center')
const adjustMode = oneOf('shrink-to-fit')

const background = typed('background', {
  linearGradient: {
    name: 'a linear gradient',
    required: { angle, startColor: color, endColor: color },
    optional: { centerColor: color, centerPosition: position },
  },
})

export const box: Shape = {
  name: 'a box',
  required: { layout: oneOf('horizontal', 'vertical', 'baseline'), contents: anything },
  optional: {
    ...place,
    ...share,
    ...touched,
    ...alike(space, 'spacing', 'cornerRadius'),
    ...alike(length, 'width', 'maxWidth', 'height', 'maxHeight'),
    ...alike(padding, 'paddingAll', 'paddingTop', 'paddingBottom', 'paddingStart', 'paddingEnd'),
    borderWidth: border,
    ...alike(color, 'borderColor', 'backgroundColor'),
    background,
    justifyContent: oneOf('flex-start', 'center', 'flex-end', 'space-between', 'space-around', 'space-evenly'),
    alignItems: oneOf('flex-start', 'center', 'flex-end'),
  },
  // Here and not in the table, because boxes hold boxes.
  also: ({ layout, contents }, path, problems) => {
    if (isGiven(contents)) many(layout === 'baseline' ? inBaseline : inBox)(contents, `${path}.contents`, problems)
  },
}

export const image: Shape = {
  name: 'an image',
  required: { url: httpsUrl },
  optional: {
    ...place,
    ...share,
    ...touched,
    size: imageSize,
    aspectRatio: ratio,
    aspectMode: oneOf('fit', 'cover'),
    backgroundColor: color,
    animated: flag,
    align,
    gravity,
  },
}

const button: Shape = {
  name: 'a button',
  required: { action: action(hosts.flexButton) },
  optional: {
    ...place,
    ...share,
    color,
    style: oneOf('primary', 'secondary', 'link'),
    height: oneOf('sm', 'md'),
    gravity,
    adjustMode,
    scaling: flag,
  },
}

const icon: Shape = {
  name: 'an icon',
  required: { url: httpsUrl },
  optional: { ...place, size: letterSize, aspectRatio: ratio, scaling: flag },
}

const span = typed('component of a text', { span: { name: 'a span', optional: { text: string, ...letters } } })

const text: Shape = {
  name: 'a text',
  optional: {
    ...place,
    ...share,
    ...letters,
    ...touched,
    text: string,
    contents: list({ min: 1, max: Number.POSITIVE_INFINITY, what: 'spans' }, span),
    wrap: flag,
    lineSpacing: pixels,
    maxLines: whole(0),
    align,
    gravity,
    adjustMode,
    scaling: flag,
  },
  // Where there are spans, LINE ignores the text.
  also: ({ text: written, contents }, path, problems) => {
    if (isGiven(contents) || (isGiven(written) && written !== '')) return
    problems.push({
      path: `${path}.text`,
      message: `${written === '' ? 'empty' : 'missing'}: a text needs text, or spans in contents`,
    })
  },
}

const separator: Shape = { name: 'a separator', optional: { margin: space, color } }
const filler: Shape = { name: 'a filler', optional: share }

export const video: Shape = {
  name: 'a video',
  required: { url: httpsUrl, previewUrl: httpsUrl, altContent: typed('altContent', { box, image }) },
  optional: { aspectRatio: ratio, action: action(hosts.flexVideo) },
}

const strayIcon: Shape = {
  ...icon,
  also: (_, path, problems) =>
    problems.push({ path: `${path}.type`, message: 'an icon stands in a box with layout: baseline only' }),
}
const inBox = typed('component of a box', { box, button, image, text, separator, filler, icon: strayIcon })
const inBaseline = typed('component of a baseline box', { icon, text, filler })

function many(item: Check): Check {
  return list({ min: 0, max: Number.POSITIVE_INFINITY, what: 'components' }, item)
}
