import { expect, it } from 'vitest'
import { type Asking, ask } from '../../../functions/edge/line/ask.ts'
import { type Line, LineError } from '../../../functions/edge/line.ts'

const [url, old] = ['https://bots.example.test/webhook/demo/hello', 'https://old.test/webhook']
const info = { userId: 'U1' }

/** LINE that has the old webhook, of which some calls may fail. */
function lineWith(failing: Partial<Line> = {}) {
  const calls: string[] = []
  let endpoint = old
  const line = {
    botInfo: async () => info,
    quota: async () => 200,
    quotaConsumption: async () => 5,
    getWebhookEndpoint: async () => ({ endpoint, active: true }),
    setWebhookEndpoint: async (to: string) => {
      calls.push('set')
      endpoint = to
    },
    testWebhookEndpoint: async () => {
      calls.push('test')
      return { success: true }
    },
    ...failing,
  }
  // All that is asked of it here.
  return { calls, line: line as unknown as Line }
}

const asking: Asking = { url, set: true, test: 'Always' }
const budget = { quota: 200, consumption: 5 }
const refusing = async () => Promise.reject(new LineError({ kind: 'badRequest', message: 'no', status: 400 }))
const away = async () => Promise.reject(new LineError({ kind: 'unavailable', message: 'away' }))

it.each<[string, Partial<Line>, object]>([
  ['whose channel it is', { botInfo: refusing }, { failed: { at: 'credentials', how: 'refused', message: 'no' } }],
  [
    'which webhook it has',
    { getWebhookEndpoint: away },
    { info, ...budget, failed: { at: 'webhook', how: 'unavailable', message: 'away' } },
  ],
  [
    'the URL',
    { setWebhookEndpoint: refusing },
    {
      info,
      ...budget,
      endpoint: { endpoint: old, active: true },
      failed: { at: 'webhook', how: 'refused', message: 'no' },
    },
  ],
  [
    'the test',
    { testWebhookEndpoint: away },
    {
      info,
      ...budget,
      endpoint: { endpoint: url, active: true },
      failed: { at: 'webhook', how: 'unavailable', message: 'away' },
    },
  ],
])('ends with what was heard before LINE failed at %s', async (_what, failing, answers) => {
  expect(await ask(lineWith(failing).line, asking)).toEqual(answers)
})

it('goes on without the quota, and says why it is not known', async () => {
  const { line } = lineWith({ quota: refusing })
  expect(await ask(line, asking)).toEqual({
    info,
    consumption: 5,
    untold: 'no',
    endpoint: { endpoint: url, active: true },
    test: { success: true },
  })
})

it('leaves the webhook to the Bot that has it', async () => {
  const { line, calls } = lineWith()
  const holder = async (held: string, userId: string) => `${held} ${userId}`
  expect(await ask(line, { ...asking, holder })).toMatchObject({ takenBy: `${old} U1` })
  expect(calls).toEqual([])
})

it('neither sets nor tests without a URL', async () => {
  const { line, calls } = lineWith()
  expect(await ask(line, { set: true, test: 'Always' })).toEqual({
    info,
    ...budget,
    endpoint: { endpoint: old, active: true },
  })
  expect(calls).toEqual([])
})
