import { isObject, type Json } from '../../core/shape.ts'
import { actionAt, carouselImageLabel, defaultLabel, shortLabel } from './actions.ts'
import {
  both,
  byType,
  type Check,
  clusters,
  list,
  matching,
  mediaUrl,
  oneOf,
  optional,
  rule,
  shape,
  text,
} from './checks.ts'

const action = actionAt({ label: shortLabel })
const defaultAction = actionAt({ label: defaultLabel })

const title = optional(text(40, clusters))
const colour = matching(/^#[0-9A-Fa-f]{6}$/)
const look = {
  imageAspectRatio: optional(oneOf('rectangle', 'square')),
  imageSize: optional(oneOf('cover', 'contain')),
}

const isGiven = (value: unknown): boolean => value !== undefined && value !== null
const hasHead = (value: Json): boolean => isGiven(value['thumbnailImageUrl']) || isGiven(value['title'])

/** A text has less room under a picture or a title. */
const textUnder =
  (alone: number, underHead: number): Check =>
  (value, path) =>
    isObject(value) ? text(hasHead(value) ? underHead : alone, clusters)(value['text'], [...path, 'text']) : []

const buttons = both(
  shape({
    thumbnailImageUrl: optional(mediaUrl),
    ...look,
    imageBackgroundColor: optional(colour),
    title,
    defaultAction: optional(defaultAction),
    actions: list(action, 1, 4),
  }),
  textUnder(160, 60),
)

const confirm = shape({ text: text(240, clusters), actions: list(action, 2, 2) })

const column = both(
  shape({
    thumbnailImageUrl: optional(mediaUrl),
    imageBackgroundColor: optional(colour),
    title,
    defaultAction: optional(defaultAction),
    actions: list(action, 1, 3),
  }),
  textUnder(120, 60),
)

const columnsOf = (template: Json): readonly Json[] =>
  Array.isArray(template['columns']) ? template['columns'].filter(isObject) : []

const countOf = (value: unknown): number => (Array.isArray(value) ? value.length : 0)

/** Every column has as many actions as the others, and all or none of them have a picture, and a title. */
const isEven = (template: Json): boolean =>
  [
    (one: Json) => countOf(one['actions']),
    (one: Json) => isGiven(one['thumbnailImageUrl']),
    (one: Json) => isGiven(one['title']),
  ].every((trait) => new Set(columnsOf(template).map<unknown>(trait)).size <= 1)

const carousel = both(
  shape({ ...look, columns: list(column, 1, 10) }),
  // Uneven columns get no details (line-bot-sdk-python#38).
  rule(isEven, { is: 'invalid' }),
)

const imageCarousel = shape({
  columns: list(shape({ imageUrl: mediaUrl, action: actionAt({ label: carouselImageLabel }) }), 1, 10),
})

/** A template message's `template`. */
export const template: Check = byType({ buttons, confirm, carousel, image_carousel: imageCarousel })
