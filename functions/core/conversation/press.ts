import type { Act } from '../conversation.ts'
import type { Message } from '../rule.ts'
import { isObject, type Json } from '../schema/path.ts'

/** What pressing does, or the labels that there are. */
export type Pressed = { readonly act: Exclude<Act, { do: 'press' }> } | { readonly labels: readonly string[] }

/** Presses the button with the label, wherever in the messages it is: a template, Flex, an imagemap, a quick reply. */
export function press(label: string, params: Json | undefined, messages: readonly Message[]): Pressed {
  const actions = actionsIn(messages)
  const action = actions.find((one) => one.label === label)
  const act = action && actOf(action, params)
  return act ? { act } : { labels: actions.flatMap((one) => (typeof one.label === 'string' ? [one.label] : [])) }
}

/** Only these make the user do something that the bot hears of. */
function actOf(action: Json, params: Json | undefined): Exclude<Act, { do: 'press' }> | undefined {
  const { type, text, data } = action
  if (type === 'message' && typeof text === 'string') return { do: 'say', text, mention: false }
  if ((type === 'postback' || type === 'datetimepicker') && typeof data === 'string')
    return { do: 'postback', data, ...(params && { params }) }
  return undefined
}

const pressable = new Set(['message', 'postback', 'datetimepicker'])

function actionsIn(value: unknown): Json[] {
  if (Array.isArray(value)) return value.flatMap(actionsIn)
  if (!isObject(value)) return []
  const own = typeof value.type === 'string' && pressable.has(value.type) && 'label' in value ? [value] : []
  return [...own, ...Object.values(value).flatMap(actionsIn)]
}
