import type { BotSeen } from '../see.ts'
import type { Checked, PartType } from './checked.ts'

/** Reasons that came from LINE, and whether only a change helps. A reason of ours that was mended is not LINE's word. */
const fromLine: Readonly<Record<string, 'terminal' | 'passing'>> = {
  Valid: 'passing',
  LineUnavailable: 'passing',
  CredentialsRefused: 'terminal',
  Registered: 'passing',
  NotRegistered: 'passing',
  OtherEndpoint: 'passing',
  TestFailed: 'passing',
  RefusedByLine: 'terminal',
  ChannelTaken: 'terminal',
  WebhookInactive: 'terminal',
  WrongChannelSecret: 'terminal',
}

/** What LINE said when it was last asked, from the Bot's status. */
export function remembered({ bot }: BotSeen, type: PartType): Checked | undefined {
  const before = bot.status?.conditions?.find((condition) => condition.type === type)
  const kind = before && fromLine[before.reason]
  if (!before || !kind) return undefined
  const { status, reason, message } = before
  return { type, status, reason, message, ...(kind === 'terminal' && { terminal: true }) }
}
