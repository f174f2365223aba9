import '../edge/hear-signals.ts'
import { runController } from '../edge/controller-main.ts'
import { fromEnv } from '../edge/env.ts'
import { knock } from '../edge/knock.ts'
import { makeLine } from '../edge/line.ts'
import { botController } from './controller.ts'
import { gaugesIn } from './gauges.ts'

runController('bot-controller', ({ cluster, log, metrics, env }) => {
  const defaults = fromEnv(env, (read) => ({
    image: read.text('LINEBOT_IMAGE'),
    lineApi: read.url('LINEBOT_LINE_API', 'https://api.line.me'),
    metrics: read.optionalUrl('LINEBOT_METRICS'),
    publicUrl: read.optionalUrl('LINEBOT_PUBLIC_URL'),
    pullSecret: read.optional('LINEBOT_PULL_SECRET'),
  }))
  const lineCalls = metrics.counter('linebot_line_calls_total')
  // LINE tests a webhook for as long as it waits for one, so an answer takes longer here than for a reply.
  const line: Parameters<typeof botController>[0]['line'] = (credentials) =>
    makeLine({
      baseUrl: defaults.lineApi,
      credentials: () => credentials,
      timeoutMs: 10_000,
      log,
      count: lineCalls.add,
    })
  return botController({ cluster, defaults, line, knock, now: () => new Date(), log, gauge: gaugesIn(metrics) })
})
