import { expect, it } from 'vitest'
import { settingsFrom } from '../../functions/front-door/settings.ts'

const K_SINK = 'http://broker-ingress.knative-eventing.svc.cluster.local/linebot-system/incoming'

it('a sink is enough', () => {
  expect(settingsFrom({ K_SINK })).toEqual({
    port: 8080,
    metricsPort: 9464,
    keepPort: 9465,
    sink: new URL(K_SINK),
    peers: undefined,
    logLevel: 'Info',
  })
})

it('starts without a sink, as in the first Revision of an installation', () => {
  expect(settingsFrom({}).sink).toBeUndefined()
})

it.each([
  [{ K_SINK: 'broker' }, /K_SINK/],
  [{ K_SINK: 'https://broker/' }, /K_SINK .* http: URL/],
  [{ K_SINK, PORT: '70000' }, /PORT/],
  [{ K_SINK, LINEBOT_METRICS_PORT: '-1' }, /LINEBOT_METRICS_PORT/],
  [{ K_SINK, LINEBOT_PEERS: 'front-door-peers' }, /LINEBOT_PEERS .* http: URL/],
  [{ K_SINK, LINEBOT_LOG_LEVEL: 'info' }, /LINEBOT_LOG_LEVEL .* Info/],
])('%j is refused with the name of what is wrong', (variables, problem) => {
  expect(() => settingsFrom(variables)).toThrow(problem)
})

it('everything that is wrong is told at once', () => {
  expect(() => settingsFrom({ PORT: '70000', K_SINK: 'broker', LINEBOT_PEERS: 'front-door-peers' })).toThrow(
    /PORT .*; K_SINK .*; LINEBOT_PEERS /,
  )
})
