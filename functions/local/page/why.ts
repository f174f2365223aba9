import type { Explanation } from '../../core/explain.ts'
import type { Rule } from '../../core/rule.ts'
import { isObject } from '../../core/shape.ts'
import type { Explain } from './rules.ts'

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
  /** The rules that could have answered, best first. */
  readonly rules?: readonly { readonly rule: string; readonly outcome: string; readonly because: string }[]
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

/** The log says what happened; the rules, as they are now, say why, where they say the same. */
const becauseOf = (fields: Fields, outcome: string, rule: string | undefined, explanation?: Explanation): string => {
  if (outcome === 'failed') return textIn(fields, 'error') ?? 'see the bot’s log'
  if (outcome === 'unmatched' && explanation?.silent !== undefined) return explanation.silent
  if (rule === undefined || Object.hasOwn(outcomes, outcome)) return outcomes[outcome] ?? outcome
  const found = explanation?.candidates.find((one) => one.outcome === 'chosen' && nameOf(one.rule) === rule)
  if (found) return found.because
  const keyword = textIn(fields, 'keyword')
  return keyword === undefined ? 'it has no keywords and takes anything' : `its keyword is “${keyword}”`
}

const nameOf = ({ event, index }: Rule) => `${event}/${index}`

/** As many as a person looks at. */
const most = 10

const rulesOf = (explanation: Explanation | undefined): Pick<Why, 'rules'> => {
  const rules = explanation?.candidates.slice(0, most).map(({ rule, outcome, because }) => ({
    rule: nameOf(rule),
    outcome,
    because,
  }))
  return rules && rules.length > 0 ? { rules } : {}
}

/** undefined = the line is about something else. */
export const whyOf = (line: string, bot: string, explain?: Explain): Why | undefined => {
  const fields = parsed(line)
  const outcome = /^Incoming was (\w+)$/.exec(textIn(fields, 'message') ?? '')?.[1]
  const webhookEventId = textIn(fields, 'webhookEventId')
  if (outcome === undefined || webhookEventId === undefined) return undefined
  const explanation = explain?.(bot, webhookEventId)
  const rule = textIn(fields, 'rule')
  const binding = textIn(fields, 'binding')
  const { ms } = fields
  return {
    webhookEventId,
    outcome,
    ...(rule === undefined ? {} : { rule }),
    ...(binding === undefined ? {} : { binding }),
    ...(typeof ms === 'number' ? { ms } : {}),
    because: becauseOf(fields, outcome, rule, explanation),
    ...rulesOf(explanation),
  }
}
