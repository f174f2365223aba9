import type { Problem } from '../problem.ts'
import { isObject, type Json } from '../shape.ts'
import { anything, type Check, isGiven, oneOf, type Shape, shaped, typed } from './check.ts'
import { picksInOrder } from './picker.ts'
import { graphemes, units } from './string.ts'
import { openable } from './uri.ts'

/** Where an action stands decides about its label, and whether it may open the camera. */
export interface Host {
  readonly label: { readonly max: number; readonly required: boolean }
  readonly device?: true
  /** Where one kind alone may stand. */
  readonly only?: string
}

export const hosts = {
  quickReply: { label: { max: 20, required: true }, device: true },
  template: { label: { max: 20, required: true } },
  /** What happens on touching the picture or the text, where no label is shown. */
  templateDefault: { label: { max: 20, required: false } },
  imageCarousel: { label: { max: 12, required: false } },
  flexButton: { label: { max: 40, required: true } },
  flex: { label: { max: 40, required: false } },
  flexVideo: { label: { max: 40, required: false }, only: 'uri' },
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
    also: postbackAgrees,
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
  const kinds = Object.entries({ ...actions, ...(host.device && deviceActions) })
  const shapes = kinds
    .filter(([type]) => (host.only ?? type) === type)
    .map(([type, shape]) => [
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
  const type = isObject(value) && typeof value['type'] === 'string' ? value['type'] : ''
  const belongs = type === 'richmenuswitch' ? 'rich menus' : Object.hasOwn(deviceActions, type) ? 'quick replies' : ''
  if (!belongs || (host.device && belongs === 'quick replies')) return false
  problems.push({ path: `${path}.type`, message: `a ${type} action is for ${belongs} only` })
  return true
}

function postbackAgrees(members: Json, path: string, problems: Problem[]): void {
  const { text, displayText, fillInText, inputOption } = members
  if (isGiven(text) && isGiven(displayText)) {
    problems.push({ path: `${path}.text`, message: 'not together with displayText; text is deprecated, leave it out' })
  }
  if (isGiven(fillInText) && inputOption !== 'openKeyboard') {
    problems.push({ path: `${path}.fillInText`, message: 'only with inputOption: openKeyboard' })
  }
}
