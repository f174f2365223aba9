import { saidIn } from '../core/compile.ts'
import { fit } from '../core/line/fit.ts'
import type { Problem } from '../core/problem.ts'
import { check } from '../core/schema/check.ts'
import { isObject } from '../core/shape.ts'
import { render } from '../core/template.ts'
import { fromEnv } from '../edge/env.ts'
import { type Line, LineError, makeLine } from '../edge/line.ts'
import { makeLog } from '../edge/log.ts'

/** LINE, as the variables say. Throws where they name no channel. */
export function lineFrom(variables: Readonly<Record<string, string | undefined>>): Pick<Line, 'validateReply'> {
  const { baseUrl, token, id, secret } = fromEnv(variables, (env) => ({
    baseUrl: env.url('LINEBOT_LINE_API', 'https://api.line.me'),
    token: env.optional('LINE_CHANNEL_ACCESS_TOKEN'),
    id: env.optional('LINE_CHANNEL_ID'),
    secret: env.optional('LINE_CHANNEL_SECRET'),
  }))
  if (token === undefined && (id === undefined || secret === undefined)) {
    throw new Error('--live asks LINE: set LINE_CHANNEL_ACCESS_TOKEN, or LINE_CHANNEL_ID and LINE_CHANNEL_SECRET')
  }
  const credentials =
    token === undefined
      ? { channelSecret: secret ?? '', channelId: id ?? '' }
      : { channelSecret: '', channelAccessToken: token }
  return makeLine({
    baseUrl,
    credentials: () => credentials,
    timeoutMs: 10_000,
    log: makeLog('Error', {}, () => undefined),
  })
}

/**
 * What LINE itself refuses of an Event's replies, their templates filled with samples and cut to fit, as
 * the bot does. Replies of which a problem is
 * known already are not sent. Rejects where LINE cannot be asked.
 */
export async function refusedByLine(
  line: Pick<Line, 'validateReply'>,
  value: unknown,
  known: readonly Problem[],
): Promise<Problem[]> {
  const checked = check('Event', value)
  if (!checked.ok) return []
  const replies = checked.value.spec.rules.flatMap((rule, index) =>
    saidIn(rule).map(({ path, reply }) => ({ path: `spec.rules[${index}].${path}`, reply })),
  )
  const found: Problem[] = []
  for (const { path, reply } of replies) {
    if (known.some((problem) => problem.path.startsWith(path))) continue
    found.push(...(await judged(line, reply, path)))
  }
  return found
}

interface Sent {
  readonly message: unknown
  /** Where it is in the reply: a message of which a template leaves nothing is not sent. */
  readonly index: number
}

async function judged(line: Pick<Line, 'validateReply'>, reply: readonly unknown[], path: string) {
  const sent = reply.flatMap((one, index) => fit(render([one], sampleOf)).map((message) => ({ message, index })))
  if (sent.length === 0) return []
  try {
    await line.validateReply(sent.map(({ message }) => message))
    return []
  } catch (error) {
    if (error instanceof LineError && error.kind === 'badRequest') return problemsFrom(error, sent, path)
    const why = error instanceof Error ? error.message : String(error)
    throw new Error(`LINE could not judge ${path}: ${why}`, { cause: error })
  }
}

/** Something that may stand wherever the name does. */
function sampleOf(name: string): string {
  if (/(^|\.)\w*id$/i.test(name)) return `U${'0'.repeat(32)}`
  if (/ur[il]$/i.test(name)) return 'https://example.com/sample'
  if (name === 'now') return new Date().toISOString()
  return /name$/i.test(name) ? 'Brown' : '1'
}

function problemsFrom({ message, details }: LineError, sent: readonly Sent[], path: string): Problem[] {
  const whole = /\(messages\[(\d+)\]\)/.exec(message)?.[1]
  const at = whole === undefined ? undefined : sent[Number(whole)]
  const said = details.length > 0 ? details : [{ message }]
  return said.map((detail) => ({
    path: at ? inside(at, `${path}[${at.index}]`, detail.property ?? '') : placed(sent, path, detail.property ?? ''),
    message: `LINE says: ${detail.message ?? message}`,
  }))
}

/** From `messages[0].text`, as LINE names the plain members of a message. */
function placed(sent: readonly Sent[], path: string, property: string): string {
  const [, nth, rest = ''] = /^messages\[(\d+)\](.*)$/.exec(property) ?? []
  const at = nth === undefined ? undefined : sent[Number(nth)]
  return at ? `${path}[${at.index}]${rest}` : path
}

/** From `/actions/0/label`, as LINE names what is in a template or in a Flex container. */
function inside({ message }: Sent, path: string, pointer: string): string {
  if (!pointer.startsWith('/')) return path
  const steps = pointer.slice(1).split('/')
  const root = isObject(message) && message.type === 'flex' ? 'contents' : 'template'
  return `${path}.${root}${steps.map((step) => (/^\d+$/.test(step) ? `[${step}]` : `.${step}`)).join('')}`
}
