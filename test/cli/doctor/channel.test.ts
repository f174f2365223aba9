import { expect, it } from 'vitest'
import { askLine } from '../../../functions/cli/doctor/channel.ts'
import { type Answer, fakeLine } from '../../edge/line/fake-line.ts'

const url = 'https://bots.example.test/webhook/demo/hello'
const credentials = { channelSecret: 's', channelAccessToken: 'token' }
const ok = (body: object): Answer => ({ status: 200, body })
const no: Answer = { status: 403, body: { message: 'not for you' } }
const info = { userId: 'U1', displayName: 'Hello' }

const told = async (...answers: Answer[]) => {
  using line = await fakeLine(...answers)
  const said = await askLine(line.url, credentials, url)
  return { said, asked: line.asked.map(({ method, path }) => `${method} ${path?.split('/').slice(4).join('/')}`) }
}

it('hears of the webhook though LINE does not tell of the quota', async () => {
  const { said, asked } = await told(ok(info), no, no, ok({ endpoint: url, active: true }), ok({ success: true }))
  const endpoint = { endpoint: url, active: true }
  expect(said).toEqual({ info, untold: 'not for you', endpoint, test: { success: true } })
  expect(asked.at(-1)).toBe('POST webhook/test')
})

it.each([
  ['another webhook', { endpoint: 'https://old.test', active: true }],
  ['a webhook that is off', { endpoint: url, active: false }],
])('leaves %s as it is, and untested', async (_what, endpoint) => {
  const { said, asked } = await told(ok(info), no, no, ok(endpoint))
  expect(said).toMatchObject({ endpoint })
  expect(asked.filter((one) => !one.startsWith('GET '))).toEqual([])
})
