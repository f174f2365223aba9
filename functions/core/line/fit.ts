import { isObject, type Json } from '../shape.ts'
import { isGiven } from './check.ts'
import { isLines } from './common.ts'
import { cutPlaceholders, cutToGraphemes, cutToUnits } from './cut.ts'
import { isDeeper } from './depth.ts'
import { piecesOf } from './placeholder.ts'

/**
 * The messages as LINE takes them, where only length or place is against it: a rendered name or a forward's answer may
 * be longer than whoever wrote the rule could know. What people read is cut, with …: text and textV2, altText, a
 * location's title and address, a template's title and text, the labels of actions, what a postback shows and fills
 * in, a sender's name (which goes, where it holds the word LINE). A quick reply that would not be shown goes to the last
 * message, or away when that has one.
 *
 * Never cut: what others take at its word (data, URLs, an action's or imagemap's text and what it copies, IDs), and
 * Flex by its size in bytes. Messages that fit are returned as they are, uncopied. Throws nothing, whatever they are.
 */
export function fit<T>(messages: readonly T[]): T[] {
  if (isDeeper(messages)) return [...messages]
  const fitted = withQuickReplyLast(messages).map((one) => fittedTo(limitsOf(one), one))
  // Every limit turns a member into one of the same type, so a message stays of its type.
  return fitted as T[]
}

/** Makes a member fit. */
type Limit = (value: unknown, owner: Json) => unknown

type Limits = Readonly<Record<string, Limit>>

const onStrings =
  (cut: (text: string, max: number) => string) =>
  (max: number): Limit =>
  (value) =>
    typeof value === 'string' ? cut(value, max) : value

const units = onStrings(cutToUnits)
const graphemes = onStrings(cutToGraphemes)
const inside =
  (limits: Limits): Limit =>
  (value) =>
    fittedTo(limits, value)
const each =
  (limits: Limits): Limit =>
  (value) =>
    Array.isArray(value) ? mapped(value, (one) => fittedTo(limits, one)) : value

const action = (label: number): Limits => ({
  label: graphemes(label),
  displayText: graphemes(300),
  fillInText: graphemes(300),
})

const under =
  (alone: number): Limit =>
  (value, owner) =>
    graphemes(isGiven(owner['thumbnailImageUrl']) || isGiven(owner['title']) ? 60 : alone)(value, owner)

const card = (text: number): Limits => ({
  title: graphemes(40),
  text: under(text),
  defaultAction: inside(action(20)),
  actions: each(action(20)),
})

const templates: Readonly<Record<string, Limits>> = {
  buttons: card(160),
  confirm: { text: graphemes(240), actions: each(action(20)) },
  carousel: { columns: each(card(120)) },
  image_carousel: { columns: each({ action: inside(action(12)) }) },
}

const ofType =
  (types: Readonly<Record<string, Limits>>) =>
  (value: unknown): Limits => {
    const type = isObject(value) ? value['type'] : undefined
    return (typeof type === 'string' && Object.hasOwn(types, type) && types[type]) || {}
  }

const template: Limit = (value) => fittedTo(ofType(templates)(value), value)

/** Flex has labels only, at whatever depth. */
const flexible: Limit = (value) => {
  if (Array.isArray(value)) return mapped(value, (one) => flexible(one, {}))
  if (!isObject(value)) return value
  return changed(value, (member, name) => (name === 'action' ? fittedTo(action(40), member) : flexible(member, {})))
}

const common: Limits = {
  quickReply: inside({ items: each({ action: inside(action(20)) }) }),
  sender: inside({ name: (value, owner) => (isLines(value) ? undefined : units(20)(value, owner)) }),
}
const altText = units(1500)

const types: Readonly<Record<string, Limits>> = {
  text: { text: units(5000), emojis: (value, owner) => emojisInside(value, owner['text']) },
  textV2: { text: onStrings(cutPlaceholders)(5000), substitution: (value, owner) => usedIn(value, owner['text']) },
  location: { title: units(100), address: units(100) },
  imagemap: {
    altText,
    actions: each({ label: units(100) }),
    video: inside({ externalLink: inside({ label: units(30) }) }),
  },
  template: { altText, template },
  flex: { altText, contents: flexible },
}

const limitsOf = (one: unknown): Limits => ({ ...ofType(types)(one), ...common })

const fittedTo = (limits: Limits, value: unknown): unknown =>
  isObject(value)
    ? changed(value, (member, name) => (Object.hasOwn(limits, name) ? limits[name]?.(member, value) : member))
    : value

/** The object itself where nothing changes. */
function changed(value: Json, to: (member: unknown, name: string) => unknown): Json {
  const entries = Object.entries(value).map(([name, member]) => [name, to(member, name)] as const)
  if (entries.every(([name, member]) => member === value[name])) return value
  return Object.fromEntries(entries.filter(([, member]) => member !== undefined))
}

function mapped(list: readonly unknown[], to: (item: unknown) => unknown): readonly unknown[] {
  const items = list.map(to)
  return items.some((item, i) => item !== list[i]) ? items : list
}

/** Emojis whose `$` is cut off are gone too. */
function emojisInside(value: unknown, text: unknown): unknown {
  if (typeof text !== 'string' || !Array.isArray(value)) return value
  const fitting = cutToUnits(text, 5000)
  if (fitting === text) return value
  return value.filter((one) => isObject(one) && typeof one['index'] === 'number' && one['index'] < fitting.length - 1)
}

/** Substitutions whose placeholder is cut off are gone too. */
function usedIn(value: unknown, text: unknown): unknown {
  if (typeof text !== 'string' || !isObject(value)) return value
  const fitting = cutPlaceholders(text, 5000)
  if (fitting === text) return value
  const keys = new Set(piecesOf(fitting).map((piece) => ('key' in piece ? piece.key : undefined)))
  return Object.fromEntries(Object.entries(value).filter(([key]) => keys.has(key)))
}

/** LINE shows no other quick reply than the last message's. */
function withQuickReplyLast(messages: readonly unknown[]): readonly unknown[] {
  const last = messages.at(-1)
  const givers = messages.filter((one) => isObject(one) && isGiven(one['quickReply']))
  const giver = givers.at(-1)
  if (!isObject(last) || !isObject(giver) || (giver === last && givers.length === 1)) return messages
  return messages.map((one) => {
    if (one === last) return { ...last, quickReply: giver['quickReply'] }
    return isObject(one) && isGiven(one['quickReply']) ? without(one, 'quickReply') : one
  })
}

const without = (value: Json, name: string): Json =>
  Object.fromEntries(Object.entries(value).filter(([other]) => other !== name))
