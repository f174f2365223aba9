import type { Problem } from '../problem.ts'
import {
  anything,
  type Check,
  formed,
  graphemes,
  isMembers,
  type Members,
  oneOf,
  openable,
  type Shape,
  shaped,
  typed,
  units,
} from './check.ts'

/** Where an action stands decides about its label, and whether it may open the camera. */
export interface Host {
  readonly label: { readonly max: number; readonly required: boolean }
  readonly device?: true
}

export const hosts = {
  quickReply: { label: { max: 20, required: true }, device: true },
  template: { label: { max: 20, required: true } },
  /** What happens on touching the picture or the text, where no label is shown. */
  templateDefault: { label: { max: 20, required: false } },
  imageCarousel: { label: { max: 12, required: false } },
  flexButton: { label: { max: 40, required: true } },
  flex: { label: { max: 40, required: false } },
} as const satisfies Record<string, Host>

const actions: Readonly<Record<string, Omit<Shape, 'name'>>> = {
  message: { required: { text: graphemes(300) } },
  postback: {
    required: { data: units(300) },
    optional: {
      displayText: graphemes(300),
      text: graphemes(300),
      inputOption: oneOf('closeRichMenu', 'openRichMenu', 'openKeyboard', 'openVoice'),
      fillInText: graphemes(300),
    },
    also: ({ text, displayText }, path, problems) => {
      if (text === undefined || displayText === undefined) return
      problems.push({
        path: `${path}.text`,
        message: 'not together with displayText; text is deprecated, leave it out',
      })
    },
  },
  uri: {
    required: { uri: openable },
    optional: { altUri: shaped({ name: 'altUri', optional: { desktop: openable } }) },
  },
  datetimepicker: {
    required: { data: units(300), mode: oneOf('date', 'time', 'datetime') },
    optional: { initial: anything, max: anything, min: anything },
    also: picksInOrder,
  },
  clipboard: { required: { clipboardText: units(1000) } },
}

/** They open a part of the phone and are for quick replies only. */
const deviceActions: Readonly<Record<string, Omit<Shape, 'name'>>> = { camera: {}, cameraRoll: {}, location: {} }

/** An action object as it may stand in its host. */
export function action(host: Host): Check {
  const label = { label: graphemes(host.label.max) }
  const shapes = Object.entries({ ...actions, ...(host.device && deviceActions) }).map(([type, shape]) => [
    type,
    {
      ...shape,
      name: `this ${type} action`,
      ...(host.label.required
        ? { required: { ...label, ...shape.required } }
        : { optional: { ...label, ...shape.optional } }),
    },
  ])
  const check = typed('action', Object.fromEntries(shapes))
  return (value, path, problems) => {
    if (!misplaced(value, path, problems, host)) check(value, path, problems)
  }
}

/** LINE has these types, so "no such type" would send people looking for a misspelling. */
function misplaced(value: unknown, path: string, problems: Problem[], host: Host): boolean {
  const type = isMembers(value) && typeof value['type'] === 'string' ? value['type'] : ''
  const belongs = type === 'richmenuswitch' ? 'rich menus' : Object.hasOwn(deviceActions, type) ? 'quick replies' : ''
  if (!belongs || (host.device && belongs === 'quick replies')) return false
  problems.push({ path: `${path}.type`, message: `a ${type} action is for ${belongs} only` })
  return true
}

const forms: Readonly<Record<string, readonly [RegExp, string]>> = {
  date: [/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, 'a date such as 2030-12-31'],
  time: [/^([01]\d|2[0-3]):[0-5]\d$/, 'a time such as 23:59'],
  datetime: [
    /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])[Tt]([01]\d|2[0-3]):[0-5]\d$/,
    'a date and time such as 2030-12-31T23:59',
  ],
}

/** The forms of one mode sort as text. */
function picksInOrder({ mode, min, initial, max }: Members, path: string, problems: Problem[]): void {
  const form = typeof mode === 'string' && Object.hasOwn(forms, mode) ? forms[mode] : undefined
  if (!form) return
  const before = problems.length
  for (const [member, value] of Object.entries({ min, initial, max })) {
    if (value !== undefined) formed(...form)(value, `${path}.${member}`, problems)
  }
  if (problems.length > before) return
  if (follows(min, max, true)) problems.push({ path: `${path}.max`, message: 'must be later than min' })
  if (follows(min, initial)) problems.push({ path: `${path}.initial`, message: 'must not be before min' })
  if (follows(initial, max)) problems.push({ path: `${path}.initial`, message: 'must not be after max' })
}

const follows = (a: unknown, b: unknown, orEqual = false) =>
  typeof a === 'string' && typeof b === 'string' && !`${a}${b}`.includes('{{') && (a > b || (orEqual && a === b))
