import type { Incoming } from '../incoming.ts'
import { apiVersion } from '../names.ts'

/** Who forwards, and by which rule. */
export interface Sender {
  readonly namespace: string
  /** The Bot's name. */
  readonly bot: string
  /** `EVENT/INDEX`. */
  readonly rule: string
  /** When LINE gave the Incoming none. */
  readonly id: string
}

/** The headers of the CloudEvent 1.0, in binary mode, that carries LINE's event to whom a rule forwards it. */
export function headersFor(incoming: Incoming, { namespace, bot, rule, id }: Sender): Record<string, string> {
  const { type, source, webhookEventId, timestamp } = incoming
  const attributes = {
    specversion: '1.0',
    id: webhookEventId ?? id,
    type: `dev.linebot.incoming.${type}`,
    source: `/apis/${apiVersion}/namespaces/${namespace}/bots/${bot}`,
    subject: chatOf(incoming),
    time: timeOf(timestamp),
    botnamespace: namespace,
    botname: bot,
    chattype: source?.type,
    eventtype: type,
    rule,
  }
  const given = Object.entries(attributes).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return Object.fromEntries([
    ...given.map(([name, value]) => [`ce-${name}`, headerValue(value)]),
    ['content-type', 'application/json'],
  ])
}

/** The ID of the group, room or user that a message to this chat goes to. */
export const chatOf = ({ source }: Incoming): string | undefined => source?.groupId ?? source?.roomId ?? source?.userId

/** Undefined for what is no time that RFC 3339 can write. */
function timeOf(timestamp: number | undefined): string | undefined {
  const inYears = timestamp !== undefined && timestamp >= 0 && timestamp < 253_402_300_800_000
  return inYears ? new Date(timestamp).toISOString() : undefined
}

/** As the HTTP binding of CloudEvents has it: all but printable ASCII, and space, `"` and `%`, percent-encoded. */
const headerValue = (value: string) =>
  value.toWellFormed().replace(/[^\x21\x23\x24\x26-\x7e]/gu, (character) => encodeURIComponent(character))
