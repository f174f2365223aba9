import { expect, it } from 'vitest'
import { pushesOf } from '../../functions/core/metrics/push.ts'
import { makeMetrics } from '../../functions/core/metrics.ts'
import { metricsDoor } from '../../functions/front-door/pushed.ts'

const hour = 3_600_000

function world(most?: number) {
  let time = 0
  const door = metricsDoor(makeMetrics(), () => time, most)
  const value = (series: string) => {
    door.scrape()
    return new RegExp(`^${series} (.*)$`, 'm').exec(door.scrape().replaceAll(/[{}"]/g, '.'))?.[1]
  }
  return { door, value, later: (ms: number) => void (time += ms) }
}

function pushOf(bot: string): string {
  const metrics = makeMetrics({ namespace: 'demo', bot })
  metrics.counter('linebot_bot_cold_starts_total').add()
  metrics.gauge('linebot_bot_ready').set(1)
  return pushesOf(metrics.series.take())[0]?.body ?? ''
}

it('a front door tells what was pushed to it, and how many did', () => {
  const { door, value } = world()
  expect([pushOf('a'), pushOf('a'), pushOf('b'), 'no JSON', '{}'].map(door.push)).toEqual([204, 204, 204, 400, 400])
  expect(value('linebot_bot_cold_starts_total.namespace=.demo.,bot=.a..')).toBe('2')
  expect(value('linebot_front_door_pushed_series')).toBe('4')
  expect(value('linebot_front_door_pushes_total.code=.204..')).toBe('3')
  expect(value('linebot_front_door_pushes_total.code=.400..')).toBe('2')
})

it('a front door holds so many series, and counts what it drops', () => {
  const { door, value } = world(2)
  for (const bot of ['a', 'b', 'a']) door.push(pushOf(bot))
  expect(value('linebot_front_door_pushed_series')).toBe('2')
  expect(value('linebot_front_door_dropped_samples_total.reason=.Full..')).toBe('2')
})

it('a histogram is as many series as it has lines, or a stranger’s would take seconds to be told', () => {
  const { door, value } = world(20)
  for (const bot of ['a', 'b', 'a']) {
    const metrics = makeMetrics({ namespace: 'demo', bot })
    metrics.histogram('linebot_bot_reply_seconds').observe(1)
    door.push(pushesOf(metrics.series.take())[0]?.body ?? '')
  }
  const lines = door.scrape().match(/^linebot_bot_reply_seconds_.*bot="a".*$/gm) ?? []
  expect(value('linebot_front_door_pushed_series')).toBe(String(lines.length))
  expect(value('linebot_front_door_dropped_samples_total.reason=.Full..')).toBe('1')
})

it('a front door forgets how a Bot was before it forgets what it counted, and neither while it is told of', () => {
  const { door, value, later } = world()
  door.push(pushOf('a'))
  later(2 * hour)
  expect(value('linebot_front_door_pushed_series')).toBe('2')
  later(2 * hour)
  expect(value('linebot_front_door_pushed_series')).toBe('1')
  later(21 * hour)
  expect(value('linebot_front_door_pushed_series')).toBe('0')
})
