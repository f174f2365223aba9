import { compare } from '../../core/conversation/compare.ts'
import { tell } from '../../core/conversation/diff.ts'
import { eventFor, messageIdOf } from '../../core/conversation/happening.ts'
import { idFor } from '../../core/conversation/people.ts'
import { press } from '../../core/conversation/press.ts'
import type { Act, Conversation, ConversationStep, Expected, ExpectedMessage } from '../../core/conversation.ts'
import type { Message } from '../../core/rule.ts'
import { type AtLine, isPlayable } from './at-line.ts'
import type { Engine, Profiles, Reaction } from './engine.ts'
import type { Suite } from './suite.ts'

/** A step where the bot did not do as expected. */
export interface Failure {
  readonly step: ConversationStep
  /** Lines for a person. */
  readonly lines: readonly string[]
}

/** Everybody who does something in the conversations. */
export function profilesOf({ people, conversations }: Suite): Profiles {
  const speaking = conversations.flatMap(({ steps }) => steps.flatMap(namesIn))
  const names = [...new Set([...Object.keys(people), ...speaking])]
  return new Map(
    names.flatMap((displayName) => {
      const { hidden, ...rest } = people[displayName] ?? {}
      return hidden ? [] : [[idFor('user', displayName), { displayName, ...rest }] as const]
    }),
  )
}

const namesIn = ({ as, act }: ConversationStep): string[] => [as, ...(act.do === 'happen' ? (act.names ?? []) : [])]

/** The bot at LINE, and what the suite says of people, of whom LINE may know other things. */
export type Live = AtLine & Pick<Suite, 'people'>

export interface Ending {
  /** None = all went as expected. */
  readonly failures: readonly Failure[]
  /** How many steps were played at LINE too. */
  readonly endToEnd: number
}

/** Has the conversation with the engine, and what it can of it with the bot at LINE. */
export async function play({ steps }: Conversation, engine: Engine, live?: Live): Promise<Ending> {
  let endToEnd = 0
  const failures: Failure[] = []
  const lastMessages = new Map<string, string>()
  let last: readonly Message[] = []
  for (const [count, step] of steps.entries()) {
    const act = actOf(step.act, last)
    if ('problem' in act) {
      failures.push({ step, lines: [act.problem] })
      continue
    }
    if (act.do === 'say' || act.do === 'send') lastMessages.set(step.as, messageIdOf(count + 1))
    const before = { count, lastMessages }
    const reactions = await engine.react(eventFor(act, step, before, engine.bot), step)
    last = reactions[0]?.said ?? []
    const lines = judge(step.expected, reactions)
    if (live && lines.length === 0 && isPlayable(step, live.people, reactions)) {
      endToEnd += 1
      lines.push(...judgeShown(step.expected, await live.hear(eventFor(act, step, before, live.bot), step), reactions))
    }
    if (lines.length > 0) failures.push({ step, lines })
  }
  return { failures, endToEnd }
}

function actOf(act: Act, last: readonly Message[]): Exclude<Act, { do: 'press' }> | { readonly problem: string } {
  if (act.do !== 'press') return act
  const pressed = press(act, last)
  return 'act' in pressed ? pressed.act : pressed
}

/** What is not as expected of all that the bot may answer. */
function judge({ answers, rule }: Expected, reactions: readonly Reaction[]): string[] {
  const problems = [...new Set(reactions.flatMap((one) => one.problems))]
  return [...problems, ...(rule === undefined ? [] : ruleLines(rule, reactions)), ...answerLines(answers, reactions)]
}

/** What LINE shows must be what is expected, and where only a rule is, what the engine says by it. */
function judgeShown(
  { answers }: Expected,
  shown: readonly Message[] | string,
  reactions: readonly Reaction[],
): string[] {
  const atLine = 'end to end, at LINE:'
  if (typeof shown === 'string') return [atLine, shown]
  const wanted = answers ?? reactions.map(({ said }) => said.map(asJson))
  const lines = answerLines(
    wanted,
    reactions.map((one) => ({ ...one, said: shown })),
  )
  return lines.length > 0 ? [atLine, ...lines] : []
}

const asJson = (message: Message): ExpectedMessage => ({ ...message })

function ruleLines(wanted: string, reactions: readonly Reaction[]): string[] {
  const [reaction] = reactions
  const rule = reaction?.match?.rule
  if (rule && [rule.event, `${rule.event}/${rule.index}`].includes(wanted)) return []
  const came = rule ? `${rule.event}/${rule.index}` : `none: ${reaction ? whyNone(reaction) : 'nothing happened'}`
  return [`rule: expected ${wanted}, but it was ${came}`]
}

function answerLines(answers: Expected['answers'], reactions: readonly Reaction[]): string[] {
  const [first] = answers ?? []
  if (!answers || !first) return []
  const surprise = reactions.find(({ said }) => !answers.some((one) => compare(one, said).length === 0))
  if (surprise) return [...contextOf(surprise, answers.length, reactions.length), ...nearest(answers, surprise.said)]
  const never = answers.filter((one) => !reactions.some(({ said }) => compare(one, said).length === 0))
  return never.length === 0 ? [] : ['never answered so:', ...never.flatMap((one) => compare(one, [])).flatMap(tell)]
}

/** The differences to the expected answer that has the fewest. */
const nearest = (answers: NonNullable<Expected['answers']>, said: readonly Message[]): string[] =>
  (answers.map((one) => compare(one, said)).toSorted((a, b) => a.length - b.length)[0] ?? []).flatMap(tell)

const outcomes: Readonly<Record<string, string>> = {
  unmatched: 'no rule wants it',
  quiet: 'it is the Bot’s quiet hours',
  unrepliable: 'LINE gives nothing to answer with',
  standby: 'another module of the channel holds the chat',
  suspended: 'the Bot is suspended',
}

const whyNone = ({ outcome, silent }: Reaction): string => silent ?? outcomes[outcome] ?? outcome

function contextOf(reaction: Reaction, expected: number, possible: number): string[] {
  const { match } = reaction
  const by = match ? `by rule ${match.rule.event}/${match.rule.index}` : whyNone(reaction)
  const said = reaction.said.length > 0 ? 'answered otherwise' : 'not answered'
  const more = possible > 1 && expected === 1 ? `; it picks one of ${possible} replies: write oneOf` : ''
  return [`${said} (${by}${more})`]
}
