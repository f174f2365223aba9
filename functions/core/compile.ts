import { isDeeper } from './line/depth.ts'
import { type Chat, judgeMessages } from './line/messages.ts'
import type { LinearRegex } from './linear.ts'
import { normalize } from './normalize.ts'
import { RegexRefused } from './pattern.ts'
import type { Problem } from './problem.ts'
import type { EventResource, EventRule } from './resources/event.ts'
import type { Message, Rule } from './rule.ts'
import { type Scope, templateProblems } from './template.ts'

/** The Event's rules that can work, and what is wrong with the others: a rule with any problem is left out. */
export function compile(event: EventResource, linear: LinearRegex): { rules: Rule[]; problems: Problem[] } {
  const { type, rules } = event.spec
  const judged = rules.map((written, index) => {
    const problems = problemsOf(written, type, `spec.rules[${index}]`, linear)
    return { problems, rule: ruleFor(written, { event: event.metadata.name, index, type }) }
  })
  return {
    rules: judged.filter(({ problems }) => problems.length === 0).map(({ rule }) => rule),
    problems: judged.flatMap(({ problems }) => problems),
  }
}

/** Which member holds what is compared. */
export const keywordsMember = (type: string): 'keywords' | 'data' => (type === 'postback' ? 'data' : 'keywords')

function ruleFor(written: EventRule, of: Pick<Rule, 'event' | 'index' | 'type'>): Rule {
  const { match, content, in: chats, mentioned, priority } = written
  return {
    ...of,
    match,
    keywords: written[keywordsMember(of.type)] ?? [],
    ...(content?.length && { content }),
    ...(chats?.length && { in: chats }),
    ...(mentioned !== undefined && { mentioned }),
    priority,
    // LINE's types are unions that the schema cannot say; a rule is used only when judgeMessages found nothing.
    replies: repliesOf(written).map(({ reply }) => reply as readonly Message[]),
  }
}

function repliesOf({ reply, oneOf = [] }: EventRule): { path: string; reply: readonly unknown[] }[] {
  const picks = oneOf.map((one, i) => ({ path: `oneOf[${i}].reply`, reply: one.reply }))
  return reply ? [{ path: 'reply', reply }, ...picks] : picks
}

function problemsOf(written: EventRule, type: string, path: string, linear: LinearRegex): Problem[] {
  const member = keywordsMember(type)
  const keywords = written[member] ?? []
  const scope = scopeOf(written, type)
  return [
    ...keywords.flatMap((keyword, i) => keywordProblems(keyword, written.match, `${path}.${member}[${i}]`, linear)),
    ...contentProblems(written, path),
    ...repliesOf(written).flatMap((one) => replyProblems(one.reply, `${path}.${one.path}`, scope, written)),
  ]
}

/** What the rule's templates may name. */
function scopeOf(written: EventRule, type: string): Scope {
  const keywords = written[keywordsMember(type)] ?? []
  const content = written.keywords?.length ? ['text'] : written.content
  return {
    type,
    groups: written.match === 'Regex' ? [...new Set(keywords.flatMap(groupNames))] : [],
    ...(content?.length && { content }),
  }
}

/** `(?<name>…)`, unless its parenthesis is escaped. */
const groupNames = (pattern: string) =>
  Array.from(pattern.matchAll(/\\.|\(\?<([^>=!]+)>/gs), ([, name]) => name).filter((name) => name !== undefined)

function replyProblems(reply: readonly unknown[], path: string, scope: Scope, chat: Chat): Problem[] {
  const problems = judgeMessages(reply, path, chat)
  return isDeeper(reply) ? problems : [...problems, ...templateProblems(reply, path, scope)]
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

/** Keywords are compared with text, so a rule that is for other content only could never answer. */
function contentProblems({ keywords = [], content = [] }: EventRule, path: string): Problem[] {
  if (keywords.length === 0 || content.length === 0 || content.includes('text')) return []
  return [{ path: `${path}.content`, message: 'keywords are compared with text: add text, or leave keywords out' }]
}
