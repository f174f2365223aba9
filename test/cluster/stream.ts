import { setTimeout as sleep } from 'node:timers/promises'
import { type Channel, type Reply, repliesTo, type Sent, say, textOf } from './line.ts'

export interface Stream {
  /** Ends it; resolves with all that was sent, once LINE has had its answers. */
  stop(): Promise<readonly Sent[]>
}

/** Says `hi` to each channel in turn, so many a second, whatever the answers take. */
export function streamTo(channels: readonly Channel[], perSecond: number): Stream {
  const sent: Promise<Sent>[] = []
  const end = new AbortController()
  const run = async () => {
    const started = performance.now()
    for (let i = 0; !end.signal.aborted; i += 1) {
      const channel = channels[i % channels.length]
      if (channel) sent.push(say(channel, 'hi'))
      await sleep(Math.max(0, started + ((i + 1) * 1000) / perSecond - performance.now()))
    }
  }
  const running = run()
  return {
    async stop() {
      end.abort()
      await running
      return Promise.all(sent)
    },
  }
}

export interface Account {
  readonly sent: number
  /** LINE saw no 2xx. */
  readonly failed: readonly Sent[]
  /** LINE saw a 2xx, and no answer came. */
  readonly lost: readonly Sent[]
  /** More than one answer was delivered. */
  readonly doubled: readonly Sent[]
  /** A reply was tried again, of which LINE delivered one. */
  readonly tried: number
  readonly texts: ReadonlySet<string | undefined>
}

/** What became of what was sent, once every message has an answer or `seconds` have passed: a reply token lives a minute. */
export async function accountOf(sent: readonly Sent[], seconds = 65): Promise<Account> {
  const end = performance.now() + seconds * 1000
  let replies = new Map<Sent, readonly Reply[]>()
  const delivered = (one: Sent) => (replies.get(one) ?? []).filter(({ status }) => status === 200)
  const unanswered = () => sent.filter((one) => delivered(one).length === 0)
  for (;;) {
    for (const one of unanswered()) replies.set(one, await repliesTo(one))
    if (unanswered().every((one) => one.status !== 200) || performance.now() > end) break
    await sleep(250)
  }
  replies = new Map(await Promise.all(sent.map(async (one) => [one, await repliesTo(one)] as const)))
  return {
    sent: sent.length,
    failed: sent.filter(({ status }) => status !== 200),
    lost: unanswered().filter(({ status }) => status === 200),
    doubled: sent.filter((one) => delivered(one).length > 1),
    tried: sent.filter((one) => (replies.get(one) ?? []).length > 1).length,
    texts: new Set(sent.flatMap((one) => delivered(one).map(textOf))),
  }
}
