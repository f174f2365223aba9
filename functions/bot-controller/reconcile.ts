import { type Finding, stamp } from '../core/condition.ts'
import { Bot, KnativeService } from '../core/kinds.ts'
import { refTo } from '../core/object.ts'
import { keepsMeta, type Outcome, type Plan, type Step } from '../core/plan.ts'
import type { BotStatus } from '../core/resources/bot.ts'
import { statusStep } from '../core/status.ts'
import type { Checked } from './checks/checked.ts'
import { retold } from './checks/retold.ts'
import { checks, progress, ready } from './checks.ts'
import { foreign, missingMounts } from './facts.ts'
import type { LineAnswers } from './line.ts'
import { retryOf } from './retry.ts'
import type { BotSeen } from './see.ts'
import { observed } from './status.ts'
import { type BotDefaults, serviceFor } from './wanted.ts'

export const manager = 'linebot-bot-controller'

/** What the Bot's world should become. Pure and synchronous; a settled Bot gives no steps. */
export function reconcile(seen: BotSeen, defaults: BotDefaults, now: Date): Plan {
  const parts = checks(seen, defaults)
  const status = statusFor(seen, parts, defaults, now)
  return {
    steps: [
      ...serviceStep(seen, defaults, now),
      ...statusStep(Bot, seen.bot, status, { by: 'bot-controller', manager, now }),
    ],
    outcome: outcomeOf(parts, seen),
  }
}

/** Whether the plan would make a new Revision. */
export const changesService = ({ steps }: Plan): boolean => steps.some((step) => step.do === 'apply')

/** The Service as it should be: only when all that it mounts exists, and never another's. */
function serviceStep(seen: BotSeen, defaults: BotDefaults, now: Date): Step[] {
  if (seen.refusal) return []
  if (seen.access !== 'Enabled' || seen.nameTaken || foreign(seen) || missingMounts(seen).length > 0) return []
  const object = serviceFor(seen, defaults, retryOf(seen, now))
  const live = seen.service?.metadata
  // Another generation than our own apply made: somebody else has changed the spec.
  const ours = seen.appliedGeneration ?? seen.bot.status?.serviceGeneration
  if (live && keepsMeta(live, object.metadata) && live.generation === ours) return []
  return [{ do: 'apply', kind: KnativeService, object, manager, serves: refTo(Bot, seen.bot) }]
}

function statusFor(seen: BotSeen, parts: readonly Checked[], defaults: BotDefaults, now: Date): BotStatus {
  const { bot } = seen
  const { generation = 0 } = bot.metadata
  const told = parts.map((part) => retold(part, seen))
  const findings = [ready(told, bot.spec.suspend), ...told, ...progress(told)].map(plain)
  return {
    ...observed(seen, defaults, !dueAgain(parts, seen.line), now),
    observedGeneration: generation,
    conditions: stamp(findings, bot.status?.conditions, generation, now),
  }
}

const plain = ({ type, status, reason, message }: Finding): Finding => ({ type, status, reason, message })

/**
 * Whether LINE is to be asked again: it could not be, or its test failed in a way that may pass. So may a refused
 * signature, while a front-door pod that LINE met still knows the Secret of before.
 */
const dueAgain = (parts: readonly Checked[], line: LineAnswers | undefined): boolean => {
  const webhook = parts.find(({ type }) => type === 'WebhookReady')
  if (line?.failed) return line.failed.how !== 'refused'
  // The other Bot's going rings nobody here.
  if (line?.takenBy !== undefined) return true
  if (line?.test === undefined || webhook?.status !== 'False') return false
  return !webhook.terminal || webhook.reason === 'WrongChannelSecret'
}

/** Who deletes what was in the way, or turns a flag of Knative on, rings nobody: it is not ours, so it is not watched. */
const unwatched: ReadonlySet<string> = new Set(['NameTaken', 'FlagMissing'])
/** Whoever has just been told does it now, or not before a sweep comes by. */
const mendingMs = 10 * 60_000

function outcomeOf(parts: readonly Checked[], { line, refusal }: BotSeen): Outcome {
  const broken = parts.find(({ status }) => status !== 'True')
  if (dueAgain(parts, line)) return { ended: 'again', because: broken?.message ?? 'LINE did not answer' }
  if (refusal && !refusal.final) return { ended: 'again', because: refusal.message }
  const stuck = parts.find(({ terminal }) => terminal)
  if (!stuck) return { ended: 'settled' }
  const mending = unwatched.has(stuck.reason) && { mendingMs }
  return { ended: 'refused', because: `${stuck.reason}: ${stuck.message}`, ...mending }
}
