import type { Problem } from '../problem.ts'
import { isObject, type Json } from '../shape.ts'
import { all, type Check, list, type Shape, shaped, typed } from './check.ts'
import { whole } from './number.ts'
import { units } from './string.ts'
import { altText } from './template.ts'
import { httpsUrl, openable } from './uri.ts'

/** LINE makes the other widths from this one. */
const width = 1040

const area = shaped({ name: 'an area', required: { x: whole(0), y: whole(0), width: whole(1), height: whole(1) } })
/** Read aloud, not shown; not an action object's label, so it counts in UTF-16 units. */
const label = units(100)

const actions: Readonly<Record<string, Shape>> = {
  uri: { name: 'this uri action', required: { linkUri: openable, area }, optional: { label } },
  message: { name: 'this message action', required: { text: units(400), area }, optional: { label } },
  clipboard: { name: 'this clipboard action', required: { clipboardText: units(1000), area }, optional: { label } },
}

const video = shaped({
  name: 'an imagemap’s video',
  required: { originalContentUrl: httpsUrl, previewImageUrl: httpsUrl, area },
  optional: {
    externalLink: shaped({ name: 'an external link', required: { linkUri: openable, label: units(30) } }),
  },
})

/** A picture is asked for at the base URL, a slash and its width. */
const base: Check = (value, path, problems) => {
  const [, end] =
    (typeof value === 'string' && /(\.(?:png|jpe?g|gif|webp)|\/(?:240|300|460|700|1040))$/i.exec(value)) || []
  if (end) problems.push({ path, message: `leave out ${end}: LINE adds a width to it, as in …/${width}` })
}

const exactWidth: Check = (value, path, problems) => {
  if (value !== width) problems.push({ path, message: `${JSON.stringify(value)}, always ${width}` })
}

export const imagemap: Shape = {
  name: 'an imagemap message',
  required: {
    baseUrl: all(httpsUrl, base),
    altText,
    baseSize: shaped({ name: 'a base size', required: { width: exactWidth, height: whole(1) } }),
    actions: list({ min: 1, max: 50, what: 'actions' }, typed('action of an imagemap', actions)),
  },
  optional: { video },
  also: areasAreInside,
}

/** LINE may draw less than it was told where an area leaves the picture; none of it can be meant. */
function areasAreInside({ baseSize, actions: parts, video: film }: Json, path: string, problems: Problem[]): void {
  const height = isObject(baseSize) ? baseSize['height'] : undefined
  for (const [i, part] of (Array.isArray(parts) ? parts : []).entries()) {
    inside(part, height, `${path}.actions[${i}].area`, problems)
  }
  inside(film, height, `${path}.video.area`, problems)
}

function inside(part: unknown, height: unknown, path: string, problems: Problem[]): void {
  const where = isObject(part) ? part['area'] : undefined
  if (!isObject(where)) return
  const [right, bottom] = [sum(where['x'], where['width']), sum(where['y'], where['height'])]
  if (right > width) problems.push({ path, message: `ends at x ${right}, but the picture at ${width}` })
  if (typeof height === 'number' && bottom > height) {
    problems.push({ path, message: `ends at y ${bottom}, but the picture at ${height}` })
  }
}

const sum = (a: unknown, b: unknown) => (typeof a === 'number' && typeof b === 'number' ? a + b : 0)
