import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { run } from '../../functions/cli/cli.ts'
import { type Line, startLine } from '../../functions/local/line/start.ts'

const channel = { id: '1000000001', secret: 'secret', name: 'Hello', accessToken: 'token', bot: 'default/hello' }

let line: Line
let folder: string

beforeEach(async () => {
  line = await startLine({ channels: [channel], httpWebhooks: true })
  folder = mkdtempSync(join(tmpdir(), 'live-'))
  vi.stubEnv('LINEBOT_LINE_API', line.url)
  vi.stubEnv('LINE_CHANNEL_ACCESS_TOKEN', 'token')
})

afterEach(async () => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
  await line.close()
})

/** The paths and words that are wrong with rules, each a reply. */
const live = async (...rules: object[]) => {
  const file = join(folder, 'a.yaml')
  const event = { apiVersion: 'linebot.dev/v1alpha1', kind: 'Event', metadata: { name: 'hello' } }
  writeFileSync(file, JSON.stringify({ ...event, spec: { type: 'message', rules } }))
  const { code, out = '', err = '' } = await run(['validate', '--live', file])
  return { code, said: `${out}${err}`.replaceAll(/^.*: Event hello: /gm, '').split('\n') }
}

const hi = { type: 'text', text: 'hi {{user.displayName}}' }
const long = (length: number) => 'x'.repeat(length)
/** Within the limit as written, and above it with any name filled in. */
const tooLong = { type: 'postback', label: 'a', data: `${long(298)}{{user.displayName}}` }
const buttons = { type: 'template', altText: 'a', template: { type: 'buttons', text: 'a', actions: [tooLong] } }
const box = { type: 'box', layout: 'vertical', contents: [{ type: 'button', action: tooLong }] }
const flex = { type: 'flex', altText: 'a', contents: { type: 'bubble', body: box } }
const image = {
  type: 'image',
  previewImageUrl: 'https://example.com/a',
  originalContentUrl: `https://example.com/${long(1978)}{{user.displayName}}`,
}
const longData = 'LINE says: must not be longer than 300 characters'

it.each<[string, object[], string[]]>([
  [
    'nothing',
    [{ reply: [hi, { type: 'sticker', packageId: '446', stickerId: '1988' }] }],
    ['1 checked, nothing wrong'],
  ],
  [
    'a member of a message',
    [{ reply: [hi, image] }],
    ['spec.rules[0].reply[1].originalContentUrl: LINE says: Length must be between 0 and 2000'],
  ],
  ['what is in a template', [{ reply: [buttons] }], [`spec.rules[0].reply[0].template.actions[0].data: ${longData}`]],
  [
    'what is in a Flex message',
    [{ reply: [hi, flex] }],
    [`spec.rules[0].reply[1].contents.body.contents[0].action.data: ${longData}`],
  ],
  [
    'every reply of every rule',
    [{ oneOf: [{ reply: [hi] }, { reply: [buttons] }] }, { forward: { to: { uri: 'http://a' }, late: [buttons] } }],
    [
      `spec.rules[0].oneOf[1].reply[0].template.actions[0].data: ${longData}`,
      `spec.rules[1].forward.late[0].template.actions[0].data: ${longData}`,
    ],
  ],
  [
    'what is known already, and is not asked about',
    [{ reply: [{ type: 'text', text: long(5001) }] }],
    ['spec.rules[0].reply[0].text: 5001 UTF-16 units, at most 5000'],
  ],
])('LINE finds wrong: %s', async (_what, rules, said) => {
  expect(await live(...rules)).toEqual({ code: said[0]?.endsWith('wrong') ? 0 : 1, said })
})

it('asks for a token with the channel’s ID and secret', async () => {
  vi.stubEnv('LINE_CHANNEL_ACCESS_TOKEN', undefined)
  vi.stubEnv('LINE_CHANNEL_ID', channel.id)
  vi.stubEnv('LINE_CHANNEL_SECRET', channel.secret)
  expect(await live({ reply: [hi] })).toEqual({ code: 0, said: ['1 checked, nothing wrong'] })
})

it('says whose credentials it wants, and when LINE does not take them', async () => {
  vi.stubEnv('LINE_CHANNEL_ACCESS_TOKEN', 'other')
  expect(await live({ reply: [hi] })).toEqual({
    code: 1,
    said: [expect.stringMatching(/^LINE could not judge spec\.rules\[0\]\.reply: /)],
  })
  vi.stubEnv('LINE_CHANNEL_ACCESS_TOKEN', undefined)
  expect(await live({ reply: [hi] })).toEqual({
    code: 1,
    said: ['--live asks LINE: set LINE_CHANNEL_ACCESS_TOKEN, or LINE_CHANNEL_ID and LINE_CHANNEL_SECRET'],
  })
})
