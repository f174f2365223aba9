import { forwardFor, type Surroundings, usualBrokerUrl } from './compile/forward.ts'
import { sizeProblems } from './compile/size.ts'
import { typeProblems } from './compile/type.ts'
import { whereProblems } from './compile/where.ts'
import { distinctBy } from './distinct.ts'
import { chatsOf } from './events.ts'
import { isDeeper } from './line/depth.ts'
import { judgeMessages, type KnownChat } from './line/messages.ts'
import type { LinearRegex } from './linear.ts'
import { normalize } from './normalize.ts'
import { RegexRefused } from './pattern.ts'
import type { Problem } from './problem.ts'
import type { EventResource, EventRule } from './resources/event.ts'
import type { ContentType, Message, Requirement, Rule } from './rule.ts'
import { scheduleProblems } from './schedule/problems.ts'
import { type Scope, templateProblems } from './template.ts'

/**
 * The Event's rules that can work, and what is wrong with the others: a rule with any problem is left out. Without
 * `brokerUrl` every Broker is taken to be there, at its usual place.
 */
export function compile(
  event: EventResource,
  linear: LinearRegex,
  brokerUrl?: Surroundings['brokerUrl'],
): { rules: Rule[]; problems: Problem[] } {
  const { type, rules } = event.spec
  const namespace = 'namespace' in event.metadata ? String(event.metadata.namespace) : 'default'
  const around = { namespace, brokerUrl: brokerUrl ?? ((name: string) => usualBrokerUrl(namespace, name)) }
  const judged = rules.map((written, index) => {
    const path = `spec.rules[${index}]`
    const forward = written.forward && forwardFor(written.forward, `${path}.forward`, around)
    const problems = [
      ...problemsOf(written, type, path, linear),
      ...(forward && 'problem' in forward ? [forward.problem] : []),
    ]
    const said = ruleFor(written, { event: event.metadata.name, index, type })
    const rule = forward && 'found' in forward ? { ...said, forward: forward.found } : said
    // Only what is right otherwise is measured: it may be nested deeper than JSON.stringify goes.
    return { problems: problems.length > 0 ? problems : sizeProblems(rule, path), rule }
  })
  return {
    rules: judged.filter(({ problems }) => problems.length === 0).map(({ rule }) => rule),
    // What is wrong with the type is wrong in every rule.
    problems: distinctBy(
      judged.flatMap(({ problems }) => problems),
      ({ path, message }) => `${path} ${message}`,
    ),
  }
}

/** Which member holds what is compared. */
export const keywordsMember = (type: string): 'keywords' | 'data' => (type === 'postback' ? 'data' : 'keywords')

function ruleFor(written: EventRule, of: Pick<Rule, 'event' | 'index' | 'type'>): Rule {
  const { match, content, in: chats, mentioned, where, schedule, priority } = written
  return {
    ...of,
    match,
    keywords: written[keywordsMember(of.type)] ?? [],
    ...(content?.length && { content }),
    ...(chats?.length && { in: chats }),
    ...(mentioned !== undefined && { mentioned }),
    ...(where?.length && { where: where.map(requirement) }),
    ...(schedule && { schedule }),
    priority,
    // LINE's types are unions that the schema cannot say; a rule is used only when judgeMessages found nothing.
    replies: repliesOf(written).map(({ reply }) => reply as readonly Message[]),
  }
}

const requirement = ({ key, operator, values }: NonNullable<EventRule['where']>[number]): Requirement => ({
  key,
  operator,
  ...(values?.length && { values }),
})

interface Said {
  readonly path: string
  readonly reply: readonly unknown[]
}

function repliesOf({ reply, oneOf = [] }: EventRule): Said[] {
  const picks = oneOf.map((one, i) => ({ path: `oneOf[${i}].reply`, reply: one.reply }))
  return reply ? [{ path: 'reply', reply }, ...picks] : picks
}

/** What is said where nobody gave an answer in time. */
const excusesOf = ({ forward }: EventRule): Said[] =>
  (['late', 'failed'] as const).flatMap((member) => {
    const reply = forward?.[member]
    return reply ? [{ path: `forward.${member}`, reply }] : []
  })

/** All that a rule may say, each with its path in the rule. */
export const saidIn = (written: EventRule): Said[] => [...repliesOf(written), ...excusesOf(written)]

function problemsOf(written: EventRule, type: string, path: string, linear: LinearRegex): Problem[] {
  const member = keywordsMember(type)
  const keywords = written[member] ?? []
  const scope = scopeOf(written, type)
  const chat = chatOf(written, type)
  return [
    ...typeProblems(written, type, path),
    ...emptyProblems(written, member, path),
    ...keywords.flatMap((keyword, i) => keywordProblems(keyword, written.match, `${path}.${member}[${i}]`, linear)),
    ...contentProblems(written, type, path),
    ...whereProblems(written, scope, path),
    ...(written.schedule ? scheduleProblems(written.schedule, `${path}.schedule`) : []),
    ...saidIn(written).flatMap((one) => replyProblems(one.reply, `${path}.${one.path}`, scope, chat)),
  ]
}

/** Where the answer may be shown: what LINE refuses in one of these chats would go unanswered there. */
function chatOf({ in: chats = [], mentioned }: EventRule, type: string): KnownChat {
  const possible = chatsOf(type)
  const asked = chats.length > 0 ? chats : possible
  if (!asked) return {}
  return { in: mentioned ? asked.filter((chat) => chat !== 'user') : asked }
}

/** The kinds of content that the rule takes; undefined = any. */
const contentOf = ({ keywords = [], content = [] }: EventRule): readonly ContentType[] | undefined =>
  keywords.length > 0 ? ['text'] : content.length > 0 ? content : undefined

/** What the rule's templates may name. */
function scopeOf(written: EventRule, type: string): Scope {
  const keywords = written[keywordsMember(type)] ?? []
  const content = contentOf(written)
  const { in: chats } = chatOf(written, type)
  return {
    type,
    groups: written.match === 'Regex' ? [...new Set(keywords.flatMap(groupNames))] : [],
    keywords: keywords.length > 0,
    ...(content && { content }),
    ...(chats && { chats }),
  }
}

/** `(?<name>…)`, unless its parenthesis is escaped. */
const groupNames = (pattern: string) =>
  Array.from(pattern.matchAll(/\\.|\(\?<([^>=!]+)>/gs), ([, name]) => name).filter((name) => name !== undefined)

function replyProblems(reply: readonly unknown[], path: string, scope: Scope, chat: KnownChat): Problem[] {
  const problems = judgeMessages(reply, path, chat)
  return isDeeper(reply) ? problems : [...problems, ...templateProblems(reply, path, scope)]
}

/** A rule without the member takes anything: who writes an empty list, as a generator does, did not mean that. */
function emptyProblems(written: EventRule, member: 'keywords' | 'data', path: string): Problem[] {
  if (written[member]?.length !== 0) return []
  const message = `an empty list: write what to listen for, or leave ${member} out, and the rule answers whatever no other does`
  return [{ path: `${path}.${member}`, message }]
}

/** A Fuzzy keyword too short to forgive an edit is no problem: it matches exactly. */
function keywordProblems(keyword: string, match: Rule['match'], path: string, linear: LinearRegex): Problem[] {
  if (match !== 'Regex') {
    return normalize(keyword) === '' ? [{ path, message: 'nothing is left of it but space: write a word' }] : []
  }
  try {
    linear(keyword)
    return []
  } catch (error) {
    if (error instanceof RegexRefused) return [{ path, message: error.message }]
    throw error
  }
}

/** What a rule for other content than text could never answer. */
function contentProblems({ keywords = [], content = [] }: EventRule, type: string, path: string): Problem[] {
  if (content.length === 0 || content.includes('text')) return []
  const problem = (message: string): Problem[] => [{ path: `${path}.content`, message }]
  if (keywords.length > 0) return problem('keywords are compared with text: add text, or leave keywords out')
  return type === 'messageEdited' ? problem('an edited message is always text: leave content out') : []
}
