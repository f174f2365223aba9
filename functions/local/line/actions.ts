import {
  both,
  byType,
  type Check,
  clusters,
  type Fields,
  matching,
  oneOf,
  optional,
  rule,
  shape,
  text,
  uri,
} from './checks.ts'

/** Where an action may stand, and how its label counts there (action-objects). */
export interface Place {
  readonly label: Check
  /** Camera, camera roll and location are for quick replies alone. */
  readonly inQuickReply?: boolean
}

const schemes = ['http', 'https', 'line', 'tel'] as const
const day = String.raw`(19\d\d|20\d\d|2100)-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])`
const minute = String.raw`([01]\d|2[0-3]):[0-5]\d`
const datePatterns = {
  date: new RegExp(`^${day}$`),
  time: new RegExp(`^${minute}$`),
  datetime: new RegExp(`^${day}[tT]${minute}$`),
} as const

/** `2030-02-31` would come back as a day of March. */
const isDate = (date: string, mode: keyof typeof datePatterns): boolean =>
  datePatterns[mode].test(date) &&
  (mode === 'time' || new Date(`${date.slice(0, 10)}T00:00Z`).toISOString().startsWith(date.slice(0, 10)))

const isMode = (mode: unknown): mode is keyof typeof datePatterns =>
  mode === 'date' || mode === 'time' || mode === 'datetime'

const hasDates = (action: Readonly<Record<string, unknown>>): boolean => {
  const { mode } = action
  if (!isMode(mode)) return true
  return ['initial', 'max', 'min'].every((name) => {
    const date = action[name]
    return date === undefined || date === null || (typeof date === 'string' && isDate(date, mode))
  })
}

const hasOrder = ({ min, max }: Readonly<Record<string, unknown>>): boolean =>
  typeof min !== 'string' || typeof max !== 'string' || min.toLowerCase() < max.toLowerCase()

const anyText: Check = matching(/^[^]*$/)

const action = (label: Check, fields: Fields): Check => shape({ label, ...fields })

const postback = (label: Check): Check =>
  both(
    action(label, {
      data: text(300),
      displayText: optional(text(300, clusters)),
      text: optional(text(300, clusters)),
      inputOption: optional(oneOf('closeRichMenu', 'openRichMenu', 'openKeyboard', 'openVoice')),
      fillInText: optional(text(300, clusters)),
    }),
    rule(({ displayText, text: old }) => displayText === undefined || old === undefined, { is: 'invalid' }, 'text'),
    rule(
      ({ fillInText, inputOption }) => fillInText === undefined || inputOption === 'openKeyboard',
      { is: 'invalid' },
      'fillInText',
    ),
  )

const datetimepicker = (label: Check): Check =>
  both(
    action(label, {
      data: text(300),
      mode: oneOf('date', 'time', 'datetime'),
      initial: optional(anyText),
      max: optional(anyText),
      min: optional(anyText),
    }),
    rule(hasDates, { is: 'invalid' }, 'mode'),
    rule(hasOrder, { is: 'invalid' }, 'min'),
  )

const uriAction = (label: Check): Check =>
  action(label, {
    uri: uri(1000, ...schemes),
    altUri: optional(shape({ desktop: optional(uri(1000, ...schemes)) })),
  })

/** A Flex video opens a page and does nothing else. */
export const pageAction: Check = (value, path) => byType({ uri: uriAction(flexLabel) })(value, path)

/** The check for an action that stands at `place`. A rich menu's switch is refused: no message can hold one. */
export const actionAt = ({ label, inQuickReply = false }: Place): Check =>
  byType({
    postback: postback(label),
    message: action(label, { text: text(300, clusters) }),
    uri: uriAction(label),
    datetimepicker: datetimepicker(label),
    clipboard: action(label, { clipboardText: text(1000) }),
    ...(inQuickReply ? { camera: action(label, {}), cameraRoll: action(label, {}), location: action(label, {}) } : {}),
  })

/** Templates and quick replies: required, at most 20 as people count (action-object-label-spec). */
export const shortLabel: Check = text(20, clusters)
export const carouselImageLabel: Check = optional(text(12, clusters))
/** A template's default action shows none. */
export const defaultLabel: Check = optional(text(20, clusters))
export const flexButtonLabel: Check = text(40, clusters)
/** A bubble, box, text or picture that can be tapped shows none. */
export const flexLabel: Check = optional(text(40, clusters))
