import { carries, chatsOf, hasAlways, isEventType, pathsOf } from '../events.ts'
import type { Problem } from '../problem.ts'
import type { ChatType, ContentType } from '../rule.ts'
import { zoneProblem } from '../schedule/zone.ts'
import { nearest } from '../schema/nearest.ts'
import { item, member } from '../schema/path.ts'
import { isObject } from '../shape.ts'
import { dateLetters, dateShorthands, oddLetters } from './date.ts'
import { isLiteral } from './fill.ts'
import { filterOf, filters, type Param, type ParamKind } from './filters.ts'
import { languageProblem } from './language.ts'
import { names } from './names.ts'
import { type Applied, type Part, parse, type Tag, type Term } from './parse.ts'
import { isAnchored, isUri, type Place, placeOf } from './place.ts'

/** What is known of a rule when it is applied, and decides what its templates may name. */
export interface Scope {
  /** LINE's event type. */
  readonly type: string
  /** The named groups of the rule's patterns. */
  readonly groups: readonly string[]
  /** The kinds of message content that the rule is for; absent = any. */
  readonly content?: readonly ContentType[]
  /** The kinds of chat that it answers in; absent = any of its type. */
  readonly chats?: readonly ChatType[]
  /** Whether it has keywords or data. */
  readonly keywords?: boolean
}

/** Everything wrong with the templates in a value, each with the path of its string. Keys hold no templates. */
export function templateProblems(value: unknown, path: string, scope: Scope): Problem[] {
  const problems: Problem[] = []
  walk(value, { path, place: 'text' }, (text, at) => {
    problems.push(...problemsIn(text, at.place, scope).map((message) => ({ path: at.path, message })))
  })
  return problems
}

interface At {
  readonly path: string
  readonly place: Place
}

function walk(value: unknown, at: At, visit: (text: string, at: At) => void): void {
  if (typeof value === 'string') {
    if (value.includes('{{')) visit(value, at)
  } else if (Array.isArray(value)) {
    for (const [i, one] of value.entries()) walk(one, { ...at, path: item(at.path, i) }, visit)
  } else if (isObject(value)) {
    for (const [name, one] of Object.entries(value)) {
      walk(one, { path: member(at.path, name), place: placeOf(value, name) }, visit)
    }
  }
}

function problemsIn(text: string, place: Place, scope: Scope): string[] {
  const parts = parse(text)
  const problems = parts.flatMap((part) => {
    if ('problem' in part) return [part.problem]
    return 'tag' in part ? tagProblems(part.tag, scope) : []
  })
  return problems.length > 0 ? problems : [...placeProblems(parts, place), ...voidProblems(parts, place, scope)]
}

function tagProblems({ subject, filters: applied }: Tag, scope: Scope): string[] {
  const problem = 'name' in subject ? nameProblem(subject.name, scope) : undefined
  return [...(problem === undefined ? [] : [problem]), ...applied.flatMap((one) => filterProblems(one, scope))]
}

function nameProblem(name: string, scope: Scope): string | undefined {
  const { type, groups, chats } = scope
  const chat = chatOf(name)
  if (chat && Object.hasOwn(names, name) && chats && !chats.includes(chat)) {
    return `${name}: there is no ${chat} in: ${chats.join(', ')}`
  }
  if (name.startsWith('user.') && Object.hasOwn(names, name) && nobodyIn.has(type)) {
    return `${name}: a ${type} event tells of no user`
  }
  if (Object.hasOwn(names, name)) return undefined
  const [family, path] = [name.slice(0, name.indexOf('.')), name.slice(name.indexOf('.') + 1)]
  if (family === 'data' && path !== '') return hasData(type) ? undefined : `${name}: data is for type: postback`
  if (family === 'match' && groups.includes(path)) return undefined
  if (family === 'event' && carries(type, path)) return undefined
  if (family === 'match' && path !== '') return `${name}: ${groupsOf(scope)}`
  const known = family === 'event' ? eventNames(type) : [...knownNames(scope), ...families(scope)]
  const all = [...known, ...eventNames(type)]
  const meant = all.find((one) => one.endsWith(`.${name}`)) ?? nearest(name, all)
  return `${name} is not known${meant ? `, did you mean ${meant}?` : ';'} known are: ${known.join(', ')}`
}

const groupsOf = ({ groups }: Scope) =>
  groups.length > 0
    ? `the named groups are: ${groups.join(', ')}`
    : 'no pattern of the rule has a group such as (?<name>…)'

/** Types whose events name no user. */
const nobodyIn: ReadonlySet<string> = new Set([
  'join',
  'leave',
  'memberLeft',
  'module',
  'botSuspended',
  'botResumed',
  'delivery',
])

const hasData = (type: string) => type === 'postback' || chatsOf(type) === undefined

const knownNames = ({ type, groups }: Scope) =>
  Object.keys(names)
    .filter((name) => !(nobodyIn.has(type) && name.startsWith('user.')))
    .concat(groups.map((group) => `match.${group}`))

const eventNames = (type: string) => (pathsOf(type) ?? []).map((path) => `event.${path}`)

const families = ({ type }: Scope) => [...(hasData(type) ? ['data.NAME'] : []), `event.PATH of LINE’s ${type} event`]

function filterProblems({ filter, args }: Applied, scope: Scope): string[] {
  const known = filterOf(filter)
  if (!known) {
    const meant = nearest(filter, Object.keys(filters))
    return [
      `${filter} is no filter${meant ? `, did you mean ${meant}?` : ';'} filters are: ${Object.keys(filters).join(', ')}`,
    ]
  }
  const least = known.params.filter(({ optional }) => !optional).length
  if (args.length < least || args.length > known.params.length) return [countProblem(filter, known.params, args.length)]
  return args.flatMap((arg, i) => {
    const param = known.params[i]
    const problem = param && argProblem(arg, param, scope)
    return problem === undefined ? [] : [`${filter}: ${problem}`]
  })
}

function countProblem(filter: string, params: readonly Param[], given: number): string {
  const wanted = params.map(({ name, optional }) => (optional ? `${name} (optional)` : name)).join(', ')
  return `${filter} takes ${wanted || 'nothing'}; ${given} given`
}

function argProblem(arg: Term, { name, kind }: Param, scope: Scope): string | undefined {
  if ('literal' in arg) return literalProblem(arg.literal, name, kind)
  if (kind !== 'text') return `write the ${name} itself, in quotation marks, not ${arg.name}`
  const problem = nameProblem(arg.name, scope)
  return problem && `${problem}; a text stands in quotation marks: "${arg.name}"`
}

function literalProblem(literal: string, name: string, kind: ParamKind): string | undefined {
  switch (kind) {
    case 'text':
      return undefined
    case 'count':
      return /^[1-9]\d{0,4}$/.test(literal) ? undefined : `the ${name} is a whole number from 1, not "${literal}"`
    case 'format':
      return formatProblem(literal)
    case 'timeZone':
      return zoneProblem(literal)
    case 'language':
      return languageProblem(literal)
  }
}

function formatProblem(format: string): string | undefined {
  if (format.trim() === '') return 'the format is empty; write one such as "%Y-%m-%d %H:%M"'
  if (!format.includes('%')) return `the format "${format}" has no letter behind a %; write one such as "%Y-%m-%d"`
  const [odd] = oddLetters(format)
  if (odd === undefined) return undefined
  return `${odd} means nothing; after % stands one of ${[...dateLetters, ...dateShorthands].join(' ')}`
}

function placeProblems(parts: readonly Part[], place: Place): string[] {
  if (isUri(place)) return isSafeUri(parts) ? [] : [unsafeUri]
  return place === 'placeholders' && parts.some((part, i) => 'tag' in part && isInBraces(parts[i - 1]))
    ? ['a template cannot stand inside a {placeholder}; a brace that is shown is {{"{"}} or {{"}"}}']
    : []
}

const unsafeUri =
  'a value could change the host: begin with scheme, host and what ends it, as in https://example.com/{{…}}, or with the value'

/** Either the author has written scheme and host, or the value is looked at when it is there. */
function isSafeUri(parts: readonly Part[]): boolean {
  const first = parts.findIndex((part) => 'tag' in part && !isLiteral(part.tag))
  if (first <= 0) return true
  return isAnchored(parts.slice(0, first).map(writtenOf).join(''))
}

/** The author's own text. */
function writtenOf(part: Part): string {
  if ('text' in part) return part.text
  return 'tag' in part && 'literal' in part.tag.subject ? part.tag.subject.literal : ''
}

const isInBraces = (before: Part | undefined) =>
  before !== undefined && 'text' in before && /\{[^{}]*$/.test(before.text)

/** LINE refuses an empty text, and with it the whole reply. */
function voidProblems(parts: readonly Part[], place: Place, scope: Scope): string[] {
  if (place === 'token') return []
  const mayBeVoid = (part: Part) => ('tag' in part ? mayBeNothing(part.tag, scope) : writtenOf(part).trim() === '')
  if (!parts.every(mayBeVoid)) return []
  const source = parts.find((part) => 'tag' in part)?.source ?? ''
  const mended = source.replace(/\s*\}\}$/, ' | default: "…"}}')
  return [`nothing may be left of it, and LINE refuses an empty text: write what stands for it then, as in ${mended}`]
}

function mayBeNothing({ subject, filters: applied }: Tag, scope: Scope): boolean {
  return applied.reduce(
    (void_, { filter, args: [arg] }) => {
      if (filter === 'json') return false
      if (filter === 'default' && arg) return void_ && isVoid(arg, scope)
      return void_ || filter === 'strip'
    },
    isVoid(subject, scope),
  )
}

const isVoid = (term: Term, scope: Scope) =>
  'literal' in term ? term.literal.trim() === '' : !isCertain(term.name, scope)

/** Whether it is always told of in what the rule answers. */
function isCertain(name: string, { type, content, chats = chatsOf(type) ?? [], keywords }: Scope): boolean {
  if (name === 'bot.name' || name === 'now') return true
  if (name === 'match.keyword') return keywords === true
  const chat = chatOf(name)
  if (chat) return !name.endsWith('.name') && chats.length > 0 && chats.every((one) => one === chat)
  if (name === 'chat.id' || name === 'event.source.type') return chats.length > 0
  if (name === 'user.id') return isEventType(type) && !nobodyIn.has(type)
  // Who joined is not who speaks.
  if (name === 'event.source.userId') return isEventType(type) && !nobodyIn.has(type) && type !== 'memberJoined'
  return name.startsWith('event.') && hasAlways(type, name.slice('event.'.length), content)
}

/** The kind of chat without which there is no such value. */
const chatOf = (name: string): ChatType | undefined =>
  /^group\.|^event\.source\.groupId$/.test(name)
    ? 'group'
    : /^room\.|^event\.source\.roomId$/.test(name)
      ? 'room'
      : undefined
