import { isPart } from '../../core/conversation/compare.ts'
import { typeOf } from '../../core/conversation/happening.ts'
import type {
  Act,
  Chat,
  Conversation,
  ConversationStep,
  Expected,
  ExpectedMessage,
  TargetAnswer,
} from '../../core/conversation.ts'
import { chatsOf } from '../../core/events.ts'
import type { Problem } from '../../core/problem.ts'
import { zoneProblem } from '../../core/schedule/zone.ts'
import { nameOf } from '../../core/schema/judge.ts'
import { nearest } from '../../core/schema/nearest.ts'
import { item, member } from '../../core/schema/path.ts'
import { isObject, type Json } from '../../core/shape.ts'
import { type ActKey, actKeys, readAct } from './act.ts'
import { makeReading, type Reading } from './reading.ts'
import { timeAt } from './time.ts'

/** What LINE tells of a person. */
export interface Person {
  readonly language?: string
  readonly statusMessage?: string
  readonly pictureUrl?: string
  /** LINE tells nothing: not a friend, or no consent. */
  readonly hidden?: boolean
}

/** One document of conversation tests. */
export interface Suite {
  /** Files or folders, relative to the test file, and objects themselves. */
  readonly resources: readonly (string | Json)[]
  readonly bot?: string
  readonly people: Readonly<Record<string, Person>>
  /** Events whose rules are meant to be rejected, each with the paths of their problems. */
  readonly rejected: Readonly<Record<string, readonly string[]>>
  readonly conversations: readonly Conversation[]
}

export const isSuite = (value: unknown): boolean => isObject(value) && 'conversations' in value

/** What has not its conversations, and a name that was meant for one of a suite's. */
export const isNearlySuite = (value: unknown): boolean =>
  isObject(value) && !('kind' in value) && Object.keys(value).some((key) => nearest(key, suiteKeys) !== undefined)

const suiteKeys = ['resources', 'bot', 'timeZone', 'people', 'rejected', 'conversations']
const conversationKeys = ['name', 'as', 'in', 'group', 'at', 'steps']
const placeKeys = ['as', 'at']
const expectedKeys = ['answer', 'oneOf', 'silent', 'rule']
const stepKeys = [...actKeys, 'mention', 'params', 'column', ...placeKeys, 'forward', ...expectedKeys]

/** Reads a test document; what cannot be read is among the problems, each with its path. */
export function readSuite(value: unknown): { suite: Suite; problems: readonly Problem[] } {
  const reading = makeReading()
  const given = reading.mapping(value, '', suiteKeys) ?? {}
  const timeZone = reading.optional(given, 'timeZone', '', zoneIn(reading)) ?? 'UTC'
  const bot = reading.optional(given, 'bot', '', reading.text)
  const suite = {
    resources: reading.optional(given, 'resources', '', resourcesIn(reading)) ?? [],
    ...(bot !== undefined && { bot }),
    people: reading.optional(given, 'people', '', peopleIn(reading)) ?? {},
    rejected: reading.optional(given, 'rejected', '', rejectedIn(reading)) ?? {},
    conversations: someOf(reading, given, 'conversations', '', conversationIn(reading, timeZone)),
  }
  return { suite, problems: reading.problems }
}

/** A list that must have something in it: of nothing, all would be as expected. */
function someOf<T>(
  reading: Reading,
  given: Json,
  name: 'conversations' | 'steps',
  path: string,
  read: (value: unknown, path: string) => T | undefined,
): T[] {
  const where = member(path, name)
  if (Array.isArray(given[name]) && given[name].length === 0) reading.wrong(where, 'nothing is in it to test')
  if (!Object.hasOwn(given, name)) {
    reading.wrong(where, 'required, and missing')
    return []
  }
  return reading.list(given[name], where, read)
}

const resourcesIn =
  ({ list, text }: Reading) =>
  (value: unknown, path: string) =>
    list<string | Json>(value, path, (one, where) => (isObject(one) ? one : text(one, where)))

const zoneIn =
  ({ text, wrong }: Reading) =>
  (value: unknown, path: string) => {
    const zone = text(value, path)
    const problem = zone === undefined ? undefined : zoneProblem(zone)
    return problem === undefined ? zone : wrong(path, problem)
  }

const peopleIn = (reading: Reading) => (value: unknown, path: string) => {
  const people = isObject(value) ? value : reading.mapping(value, path, [])
  return Object.fromEntries(
    Object.entries(people ?? {}).map(([name, one]) => [name, personIn(reading, one, member(path, name))]),
  )
}

function personIn(reading: Reading, value: unknown, path: string): Person {
  const given = reading.mapping(value, path, ['language', 'statusMessage', 'pictureUrl', 'hidden']) ?? {}
  const texts = (['language', 'statusMessage', 'pictureUrl'] as const).flatMap((name) => {
    const text = reading.optional(given, name, path, reading.text)
    return text === undefined ? [] : [[name, text]]
  })
  const hidden = reading.optional(given, 'hidden', path, reading.truth)
  return { ...Object.fromEntries(texts), ...(hidden !== undefined && { hidden }) }
}

const rejectedIn = (reading: Reading) => (value: unknown, path: string) => {
  const events = isObject(value) ? value : reading.mapping(value, path, [])
  return Object.fromEntries(
    Object.entries(events ?? {}).map(([event, paths]) => [
      event,
      reading.list(paths, member(path, event), reading.text),
    ]),
  )
}

/** Noon of a working day, so that what is said without a time is always said at the same one. */
const someDay = '2026-01-05 12:00'

interface Around {
  readonly timeZone: string
  readonly as: string
  readonly chat: Chat
  readonly at: Date
}

const conversationIn =
  (reading: Reading, timeZone: string) =>
  (value: unknown, path: string): Conversation | undefined => {
    const given = reading.mapping(value, path, conversationKeys)
    if (!given) return undefined
    const name = reading.optional(given, 'name', path, reading.text) ?? path
    const around = {
      timeZone,
      as: reading.optional(given, 'as', path, reading.text) ?? 'You',
      chat: chatIn(reading, given, path),
      at: momentIn(reading, given, path, timeZone) ?? timeAt(someDay, timeZone) ?? new Date(0),
    }
    return { name, steps: someOf(reading, given, 'steps', path, stepIn(reading, around)) }
  }

function chatIn(reading: Reading, given: Json, path: string): Chat {
  const group = reading.optional(given, 'group', path, reading.text)
  const chat = reading.optional(given, 'in', path, (value, where) =>
    reading.oneOf(value, where, ['user', 'group', 'room'] as const),
  )
  if (group !== undefined && chat !== undefined && chat !== 'group')
    reading.wrong(member(path, 'group'), `a group, in: ${chat} is none`)
  return { in: group === undefined ? (chat ?? 'user') : 'group', name: group ?? 'Friends' }
}

const momentIn = (reading: Reading, given: Json, path: string, timeZone: string) =>
  reading.optional(given, 'at', path, (value, where) => {
    const text = reading.text(value, where)
    const time = text === undefined ? undefined : timeAt(text, timeZone)
    return text === undefined || time
      ? time
      : reading.wrong(where, `${text} is no time: write 2026-01-31 12:00, or 2026-01-31T12:00:00+08:00`)
  })

const stepIn =
  (reading: Reading, around: Around) =>
  (value: unknown, path: string): ConversationStep | undefined => {
    const given = reading.mapping(value, path, stepKeys)
    const act = given && actIn(reading, given, path)
    if (!given || !act) return undefined
    judgeChat(reading, act, around.chat, path)
    const forward = reading.optional(given, 'forward', path, forwardIn(reading))
    return {
      path,
      as: reading.optional(given, 'as', path, reading.text) ?? around.as,
      chat: around.chat,
      at: momentIn(reading, given, path, around.timeZone) ?? around.at,
      act,
      ...(forward && { forward }),
      expected: expectedIn(reading, given, path),
    }
  }

function actIn(reading: Reading, given: Json, path: string): Act | undefined {
  const named = actKeys.filter((key) => Object.hasOwn(given, key))
  const [key, another] = named
  if (key === undefined) return reading.wrong(path, `nothing happens: write one of ${actKeys.join(', ')}`)
  if (another !== undefined) return reading.wrong(member(path, another), `one thing a step: there is ${key} already`)
  strayIn(reading, given, path, key)
  return readAct(reading, key, given, path)
}

/** LINE tells of some things in some chats only; an event may say itself where it comes from. */
function judgeChat({ wrong }: Reading, act: Act, chat: Chat, path: string): void {
  const type = typeOf(act)
  if (type === undefined || (act.do === 'happen' && 'source' in act.event)) return
  const chats = chatsOf(type) ?? []
  if (chats.length === 0 || chats.includes(chat.in)) return
  const meant = chats.includes('user')
    ? 'leave in and group out'
    : `write ${chats.map((one) => `in: ${one}`).join(' or ')}`
  wrong(path, `LINE sends no ${type} from a ${chat.in === 'user' ? '1:1 chat' : chat.in}: ${meant}`)
}

/** Members that mean something beside some acts only. */
function strayIn(reading: Reading, given: Json, path: string, key: ActKey): void {
  if ('mention' in given && key !== 'say') reading.wrong(member(path, 'mention'), 'only with say')
  if ('params' in given && key !== 'postback' && key !== 'press')
    reading.wrong(member(path, 'params'), 'only with postback and press')
  if ('column' in given && key !== 'press') reading.wrong(member(path, 'column'), 'only with press')
}

const forwardIn =
  (reading: Reading) =>
  (value: unknown, path: string): TargetAnswer | undefined => {
    const given = reading.mapping(value, path, ['answer', 'status', 'late'])
    if (!given) return undefined
    const status = given.status ?? 200
    if (typeof status !== 'number' || !Number.isInteger(status) || status < 100 || status > 599)
      return reading.wrong(member(path, 'status'), `must be an HTTP status, not ${nameOf(status)}`)
    const late = reading.optional(given, 'late', path, reading.truth) ?? false
    const plain = typeof given.answer === 'object' ? given.answer : undefined
    const answer = plain ?? reading.optional(given, 'answer', path, reading.text)
    return { status, late, ...bodyOf(answer) }
  }

/** As a target would send it: text as text, messages as JSON. */
function bodyOf(answer: unknown): { contentType: string; body: string } {
  if (typeof answer === 'string') return { contentType: 'text/plain; charset=utf-8', body: answer }
  return { contentType: 'application/json', body: answer === undefined ? '' : JSON.stringify(messagesIn(answer)) }
}

const messagesIn = (answer: unknown): unknown =>
  Array.isArray(answer)
    ? answer.map((one: unknown) => (typeof one === 'string' ? { type: 'text', text: one } : one))
    : answer

function expectedIn(reading: Reading, given: Json, path: string): Expected {
  const rule = reading.optional(given, 'rule', path, reading.text)
  const ways = ['answer', 'oneOf', 'silent'].filter((key) => Object.hasOwn(given, key))
  if (ways.length > 1) reading.wrong(member(path, ways[1] ?? ''), `either ${ways.join(' or ')}`)
  if (ways.length === 0 && rule === undefined)
    reading.wrong(path, 'nothing is expected: write answer, oneOf, silent: true or rule')
  const answers = answersIn(reading, given, path)
  return { ...(answers && { answers }), ...(rule !== undefined && { rule }) }
}

function answersIn(reading: Reading, given: Json, path: string): Expected['answers'] {
  if (Object.hasOwn(given, 'silent')) {
    return reading.truth(given.silent, member(path, 'silent')) === false
      ? reading.wrong(member(path, 'silent'), 'write what it answers, in answer')
      : [[]]
  }
  if (Object.hasOwn(given, 'answer')) return [answerIn(reading)(given.answer, member(path, 'answer'))]
  if (!Object.hasOwn(given, 'oneOf')) return undefined
  if (Array.isArray(given.oneOf) && given.oneOf.length < 2)
    reading.wrong(member(path, 'oneOf'), 'two or more, or it is answer')
  return reading.list(given.oneOf, member(path, 'oneOf'), answerIn(reading))
}

/** One message, or a list of them. */
const answerIn =
  (reading: Reading) =>
  (value: unknown, path: string): ExpectedMessage[] => {
    const read = (one: unknown, where: string) => messageIn(reading, one, where)
    return Array.isArray(value)
      ? reading.list(value, path, read)
      : [read(value, path)].filter((one) => one !== undefined)
  }

function messageIn(reading: Reading, value: unknown, path: string): ExpectedMessage | undefined {
  const message = isObject(value) ? value : reading.text(value, path)
  judgePatterns(reading, message, path)
  return message
}

/** A pattern that is none would only be found out while the bot answers, and a part that is no text never. */
function judgePatterns(reading: Reading, value: unknown, path: string): void {
  if (Array.isArray(value)) for (const [i, one] of value.entries()) judgePatterns(reading, one, item(path, i))
  if (!isObject(value)) return
  for (const [key, one] of Object.entries(value)) {
    const where = member(path, key)
    if (isPart(value)) judgePart(reading, key, one, where)
    else judgePatterns(reading, one, where)
  }
}

function judgePart(reading: Reading, key: string, value: unknown, path: string): void {
  const text = reading.text(value, path)
  if (key === 'matches' && text !== undefined) judgePattern(reading, text, path)
}

function judgePattern(reading: Reading, pattern: string, path: string): void {
  try {
    RegExp(pattern, 'u')
  } catch (error) {
    reading.wrong(path, `no regular expression: ${error instanceof Error ? error.message : String(error)}`)
  }
}
