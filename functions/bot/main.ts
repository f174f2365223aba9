import '../edge/hear-signals.ts'
import { makeMatcher } from '../core/match.ts'
import { makeMetrics } from '../core/metrics.ts'
import { makeForwarding } from '../edge/forward.ts'
import { makeLine } from '../edge/line.ts'
import { linearRegex } from '../edge/linear-regex.ts'
import { makeLog } from '../edge/log.ts'
import { makePusher } from '../edge/push.ts'
import { portOf, serve } from '../edge/serve.ts'
import { answer } from './answer.ts'
import { makeApp } from './app.ts'
import { makeBudget } from './budget.ts'
import { readChannel } from './channel.ts'
import { countsIn } from './counts.ts'
import { makeOnce } from './dedupe.ts'
import { makeMemory } from './memory.ts'
import { pick } from './pick.ts'
import { readRules } from './rules.ts'
import { settingsFrom } from './settings.ts'
import { startTimer } from './timer.ts'
import { makeSignedByLine } from './verify.ts'

/** Of one try of one call to LINE. */
const timeoutMs = 5000

/** From the first to the last byte of a request; LINE's and ours arrive in milliseconds. */
const requestTimeoutMs = 30_000

async function main(env: NodeJS.ProcessEnv): Promise<void> {
  const settings = settingsFrom(env)
  const { namespace, name, groups, suspend, port, channelDirectory } = settings
  const log = makeLog(settings.logLevel, { namespace, bot: name })
  const metrics = makeMetrics({ namespace, bot: name })
  const counts = countsIn(metrics)
  const pusher = makePusher(metrics.series, { url: settings.metrics, log })
  const channel = () => readChannel(channelDirectory)
  const signedByLine = makeSignedByLine(channel().secrets, () => channel().secrets)
  const rules = readRules(settings.rulesDirectory)
  const matcher = makeMatcher(rules, linearRegex, ({ event, index }, keyword, error) =>
    log.error('a pattern was refused', { rule: `${event}/${index}`, keyword, error }),
  )
  const line = makeLine({
    baseUrl: settings.lineApi,
    credentials: channel,
    timeoutMs,
    log,
    count: counts.lineCalls.add,
  })
  const { forward, handOver } = makeForwarding({ namespace, name, log })
  const now = () => new Date()
  const budget = makeBudget({ monthly: settings.pushBudget, consumption: line.quotaConsumption, now })
  const shared = { memory: makeMemory(), budget, pick, log, now, startTimer }
  const { late, quietHours } = settings
  const bot = { name, rules, matcher, groups, suspend, quietHours, late, line, forward, ...shared }
  const app = makeApp({
    namespace,
    name,
    signedByLine,
    answer: async (incoming, letter) => {
      const done = await answer(incoming, letter ? { ...bot, handOver: handOver(letter) } : bot).finally(pusher.soon)
      void done.later?.then(pusher.soon)
      return done
    },
    once: makeOnce(),
    counts,
    log,
  })
  const server = await serve(app.listener, { port, onStop: () => app.drain().then(pusher.flush) })
  server.requestTimeout = requestTimeoutMs
  if (!suspend) void line.prepare()
  log.info('listening', { port: portOf(server), suspend })
}

main(process.env).catch((error: unknown) => {
  makeLog('Error').error('the bot cannot start', { error })
  process.exit(1)
})
