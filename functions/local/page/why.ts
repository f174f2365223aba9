import { Event } from '../../core/kinds.ts'
import { isObject } from '../../core/schema/path.ts'
import type { Objects } from '../apiserver/store.ts'

/** What a bot did with one Incoming, and why, as its log says. */
export interface Why {
  readonly webhookEventId: string
  readonly outcome: string
  /** `EVENT/INDEX`. */
  readonly rule?: string
  readonly binding?: string
  /** How long the bot took. */
  readonly ms?: number
  /** For a person. */
  readonly because: string
}

type Fields = Readonly<Record<string, unknown>>

const parsed = (line: string): Fields => {
  try {
    const fields: unknown = JSON.parse(line)
    return isObject(fields) ? fields : {}
  } catch {
    return {}
  }
}

const textIn = (fields: Fields, name: string): string | undefined => {
  const value = fields[name]
  return typeof value === 'string' ? value : undefined
}

/** How the rule compares: `Exact` where it does not say. */
const matchOf = (rule: string, namespace: string, objects: Objects | undefined): string | undefined => {
  const [name = '', index] = rule.split('/')
  const event = objects?.get({ ...Event, namespace, name })
  const spec: unknown = event && 'spec' in event ? event.spec : undefined
  const rules = isObject(spec) && Array.isArray(spec['rules']) ? spec['rules'] : []
  const found: unknown = rules[Number(index)]
  if (!isObject(found)) return undefined
  return typeof found['match'] === 'string' ? found['match'] : 'Exact'
}

const words: Readonly<Record<string, (keyword: string) => string>> = {
  Exact: (keyword) => `it is exactly “${keyword}”`,
  Prefix: (keyword) => `it begins with “${keyword}”`,
  Contains: (keyword) => `it contains “${keyword}”`,
  Regex: (keyword) => `it fits the pattern ${keyword}`,
  Fuzzy: (keyword) => `it is nearly “${keyword}”`,
}

const outcomes: Readonly<Record<string, string>> = {
  unmatched: 'no rule wants it',
  unrepliable: 'LINE gives nothing to answer with',
  standby: 'another module of the channel holds the chat',
  suspended: 'the Bot is suspended',
  duplicate: 'it was done before',
  forwarded: 'it was forwarded, and needs no answer from here',
  late: 'what it is forwarded to has not answered in time',
  fetched: 'the late answer was fetched by its button',
  expired: 'the late answer is gone',
  outdated: 'the message was edited since',
  unsent: 'the message was taken back',
  quiet: 'these are the Bot’s quiet hours',
}

const becauseOf = (outcome: string, fields: Fields, match: string | undefined): string => {
  if (outcome === 'failed') return textIn(fields, 'error') ?? 'see the bot’s log'
  if (outcome !== 'answered') return outcomes[outcome] ?? outcome
  const keyword = textIn(fields, 'keyword')
  if (keyword === undefined) return 'it has no keywords and takes anything'
  return words[match ?? '']?.(keyword) ?? `its keyword is “${keyword}”`
}

/** undefined = the line is about something else. */
export const whyOf = (line: string, namespace: string, objects?: Objects): Why | undefined => {
  const fields = parsed(line)
  const outcome = /^Incoming was (\w+)( \(unconfirmed\))?$/.exec(textIn(fields, 'message') ?? '')?.[1]
  const webhookEventId = textIn(fields, 'webhookEventId')
  if (outcome === undefined || webhookEventId === undefined) return undefined
  const rule = textIn(fields, 'rule')
  const binding = textIn(fields, 'binding')
  const { ms } = fields
  return {
    webhookEventId,
    outcome,
    ...(rule === undefined ? {} : { rule }),
    ...(binding === undefined ? {} : { binding }),
    ...(typeof ms === 'number' ? { ms } : {}),
    because: becauseOf(outcome, fields, rule === undefined ? undefined : matchOf(rule, namespace, objects)),
  }
}
