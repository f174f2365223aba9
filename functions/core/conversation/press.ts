import type { Act } from '../conversation.ts'
import type { Message } from '../rule.ts'
import { isObject, type Json } from '../shape.ts'

type Press = Extract<Act, { do: 'press' }>

/** What pressing does, or why nothing can be pressed. */
export type Pressed = { readonly act: Exclude<Act, { do: 'press' }> } | { readonly problem: string }

/** Presses the button with the label, wherever in the messages it is: a template, Flex, an imagemap, a quick reply. */
export function press({ label, column, params }: Press, messages: readonly Message[]): Pressed {
  const buttons = buttonsIn(messages)
  const named = buttons.filter(({ action }) => action.label === label)
  const where = column === undefined ? label : `${label} in column ${column}`
  const [button, ...others] = column === undefined ? named : named.filter((one) => one.column === column)
  if (!button) {
    const there = named.length > 0 ? named.map(placeOf) : buttons.map(({ action }) => action.label)
    const known = there.length > 0 ? `there is ${[...new Set(there)].join(', ')}` : 'there is none at all'
    return { problem: `the bot’s last answer has no button ${where} to press: ${known}` }
  }
  if (others.some(({ action }) => !isSame(action, button.action)))
    return { problem: `the bot’s last answer has ${others.length + 1} buttons ${where}: ${todo([button, ...others])}` }
  const act = actOf(button.action, params)
  return act ? { act } : { problem: `${where} ${unheardOf(button.action)}` }
}

interface Button {
  readonly action: Json & { readonly label: string }
  /** Of a carousel, from 1. */
  readonly column?: number
}

const placeOf = ({ action: { label }, column }: Button) =>
  column === undefined ? label : `${label} in column ${column}`

const isSame = (a: Json, b: Json) => JSON.stringify(a) === JSON.stringify(b)

function todo(buttons: readonly Button[]): string {
  const columns = buttons.map(({ column }) => column)
  return columns.includes(undefined) || new Set(columns).size < columns.length
    ? 'write what it does, as say or postback, in place of press'
    : `say which with column: ${columns.join(' or ')}`
}

/** Only these make the user do something that the bot hears of. */
function actOf(action: Json, params: Json | undefined): Exclude<Act, { do: 'press' }> | undefined {
  const { type, text, data } = action
  if (type === 'message' && typeof text === 'string') return { do: 'say', text, mention: false }
  if ((type === 'postback' || type === 'datetimepicker') && typeof data === 'string')
    return { do: 'postback', data, ...(params && { params }) }
  return undefined
}

const actionTypes = new Set([
  'message',
  'postback',
  'datetimepicker',
  'uri',
  'clipboard',
  'camera',
  'cameraRoll',
  'location',
])

function unheardOf({ type }: Json): string {
  if (type === 'uri') return 'opens a link, of which the bot hears nothing'
  if (type === 'clipboard') return 'copies a text, of which the bot hears nothing'
  return 'lets the user choose what to send: write that as send'
}

/** A carousel’s columns, or bubbles, are counted; what is not in one has no column. */
function buttonsIn(value: unknown, column?: number): Button[] {
  if (Array.isArray(value)) return value.flatMap((one: unknown) => buttonsIn(one, column))
  if (!isObject(value)) return []
  const own = isAction(value) ? [{ action: value, ...(column !== undefined && { column }) }] : []
  const columns = columnsOf(value) ?? []
  return [
    ...own,
    ...Object.values(value).flatMap((one) =>
      one === columns ? columns.flatMap((each, i) => buttonsIn(each, i + 1)) : buttonsIn(one, column),
    ),
  ]
}

function columnsOf({ type, columns, contents }: Json): readonly unknown[] | undefined {
  const list = type === 'image_carousel' ? columns : type === 'carousel' ? (columns ?? contents) : undefined
  return Array.isArray(list) ? list : undefined
}

const isAction = (value: Json): value is Button['action'] =>
  typeof value.type === 'string' && actionTypes.has(value.type) && typeof value.label === 'string'
