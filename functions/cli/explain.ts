import { parseArgs } from 'node:util'
import { type BotWithRules, botsOf, type Seen } from '../core/bound.ts'
import { eventFor } from '../core/conversation/happening.ts'
import type { Act } from '../core/conversation.ts'
import { type Explanation, makeExplainer } from '../core/explain.ts'
import { Bot, Event, EventBinding } from '../core/kinds.ts'
import type { Match } from '../core/match.ts'
import { quietProblems } from '../core/schedule/problems.ts'
import { isOpen } from '../core/schedule.ts'
import { hint } from '../core/schema/nearest.ts'
import { isObject, type Json, parseJson } from '../core/shape.ts'
import { parseWebhook } from '../core/webhook.ts'
import { linearRegex } from '../edge/linear-regex.ts'
import { type Reader, readerOfUser } from './cluster.ts'
import { type Command, done, type Ended, misused, refused } from './command.ts'
import { rejectedOf } from './explain/rejected.ts'
import { type Fault, lineOf } from './faults.ts'
import { resourcesIn, sourcesIn } from './resources.ts'
import { table } from './table.ts'
import { timeAt } from './test/time.ts'

export const command: Command = {
  usage:
    'explain BOT TEXT [--files FILE]… [--in user|group|room] [--mention] [--at TIME] [--event JSON] [--namespace NS] [-o json]',
  summary:
    'Says which rules of a Bot fit a text, which one wins, and why: of the Bot in the cluster, or of the one in --files, which may be given several times and name folders. --event takes a whole LINE event in place of TEXT; TIME is yours, as in "2026-01-31 12:00", or has an offset.',
  async run(args) {
    const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options })
    const [bot, text, ...more] = positionals
    const event = values.event === undefined ? undefined : parseJson(values.event)
    const understood =
      bot !== undefined &&
      more.length === 0 &&
      (text === undefined) === (values.event !== undefined) &&
      (values.output === undefined || values.output === 'json')
    const at = values.at === undefined ? new Date() : timeAt(values.at, timeZone())
    const chat = chats.find((one) => one === values.in)
    if (!understood) return misused(command.usage)
    if (!at) return { code: 2, err: `--at ${values.at} is no time: write "2026-01-31 12:00", or 2026-01-31T12:00:00Z` }
    if (!chat) return { code: 2, err: `--in ${values.in} is none of ${chats.join(', ')}` }
    if (values.event !== undefined && !isEvent(event)) return refused('--event is no JSON of a LINE event with a type')
    const act: Acting = isEvent(event)
      ? { do: 'happen', event }
      : { do: 'say', text: text ?? '', mention: values.mention }
    const given = values.files && resourcesIn(sourcesIn(values.files))
    const { found, faults } = given
      ? { found: botIn(given.bots, bot), faults: given.faults }
      : await botAt(await readerOfUser(), bot, values.namespace)
    const ended =
      typeof found === 'string' ? refused(found) : explain(found, { act, chat, at }, values.output === 'json')
    return withFaults(ended, faults)
  },
}

/** A rule that is rejected is not among those that are explained. */
function withFaults(ended: Ended, faults: readonly Fault[]): Ended {
  const err = [...faults.map(lineOf), ...(ended.err === undefined ? [] : [ended.err])].join('\n')
  return { ...ended, ...(err && { err }) }
}

const options = {
  files: { type: 'string', multiple: true },
  in: { type: 'string', default: 'user' },
  mention: { type: 'boolean', default: false },
  at: { type: 'string' },
  event: { type: 'string' },
  namespace: { type: 'string', short: 'n' },
  output: { type: 'string', short: 'o' },
} as const

const chats = ['user', 'group', 'room'] as const

type Acting = Exclude<Act, { do: 'press' }>

const isEvent = (value: unknown): value is Json & { type: string } => isObject(value) && typeof value.type === 'string'

const timeZone = () => new Intl.DateTimeFormat().resolvedOptions().timeZone

/** The Bot of `[NAMESPACE/]NAME`, or why there is none. */
function botIn(bots: readonly BotWithRules[], given: string): BotWithRules | string {
  const name = given.split('/').at(-1)
  const names = bots.map(({ bot }) => bot.metadata.name)
  return bots.find(({ bot }) => bot.metadata.name === name) ?? `there is no Bot ${given}${hint(given, names)}`
}

interface BotFound {
  readonly found: BotWithRules | string
  /** What is wrong with rules that are left out. */
  readonly faults: readonly Fault[]
}

/** The Bot as the cluster has it now, with the rules that its Events say. */
export async function botAt(reader: Reader, given: string, inNamespace?: string): Promise<BotFound> {
  const [name = '', of] = given.split('/').toReversed()
  const namespace = of ?? inNamespace ?? reader.namespace
  const [bots, bindings, events] = await Promise.all([
    reader.list<Seen['bots'][number]>(Bot, namespace),
    reader.list<Seen['bindings'][number]>(EventBinding, namespace),
    reader.list<Seen['events'][number]>(Event, namespace),
  ])
  const seen = { bots, bindings, events }
  const found = botIn(botsOf(seen, linearRegex), name)
  return typeof found === 'string'
    ? { found: `in namespace ${namespace} ${found}`, faults: [] }
    : { found, faults: rejectedOf(found.bot, seen) }
}

interface Happening {
  readonly act: Acting
  readonly chat: (typeof chats)[number]
  readonly at: Date
}

export function explain({ bot, files, unwired }: BotWithRules, { act, chat, at }: Happening, json: boolean): Ended {
  const acting = { as: 'You', chat: { in: chat, name: 'Friends' }, at }
  const mentioned = { userId: 'U', displayName: bot.metadata.name }
  const event = eventFor(act, acting, { count: 0, lastMessages: new Map() }, mentioned)
  const [incoming] = parseWebhook(Buffer.from(JSON.stringify({ events: [event] })))?.events ?? []
  if (!incoming) return refused('--event is none that LINE could send')
  const { answer, prefix } = bot.spec.groups
  const explanation = makeExplainer(files, linearRegex).explain(
    incoming,
    { answer, ...(prefix !== undefined && { prefix }) },
    at,
  )
  const why = hush(bot, at)
  return done(
    json
      ? JSON.stringify({ ...asJson(explanation), ...(why && { hush: why }), ...(unwired && { unwired }) }, undefined, 2)
      : [...(why === undefined ? [] : [why]), ...inWords(explanation, unwired)].join('\n'),
  )
}

/** Why the Bot says nothing at this time, whatever its rules are. Hours that make no sense are none, as for the Bot itself. */
function hush({ spec: { suspend, quietHours } }: BotWithRules['bot'], at: Date): string | undefined {
  if (suspend) return 'The Bot is suspended: it answers nothing; without that:'
  const quiet = quietHours && quietProblems(quietHours, '').length === 0 && isOpen(quietHours, at)
  return quiet ? 'It is the Bot’s quiet hours: it answers nothing; at other times:' : undefined
}

const asJson = ({ chosen, candidates, silent }: Explanation) => ({
  ...(chosen && { chosen: { ...placeOf(chosen), groups: chosen.groups } }),
  candidates: candidates.map((one) => ({ ...placeOf(one), outcome: one.outcome, because: one.because })),
  ...(silent !== undefined && { silent }),
})

const placeOf = ({ rule: { event, index }, binding, keyword }: Pick<Match, 'rule' | 'binding' | 'keyword'>) => ({
  event,
  index,
  binding,
  ...(keyword !== undefined && { keyword }),
})

function inWords({ chosen, candidates, silent }: Explanation, unwired: string | undefined): string[] {
  if (unwired !== undefined) return [`No rule is for this Bot: ${unwired}`]
  if (silent !== undefined) return [silent]
  if (candidates.length === 0) return ['No rule is for events of this type.']
  const rows = candidates.map(({ rule, binding, keyword = '', outcome, because }) => [
    `${rule.event}/${rule.index}`,
    binding,
    keyword,
    outcome,
    because,
  ])
  return [
    ...(chosen ? [] : ['No rule answers.']),
    table([['RULE', 'BINDING', 'KEYWORD', 'OUTCOME', 'BECAUSE'], ...rows]),
  ]
}
