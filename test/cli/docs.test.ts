import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { run } from '../../functions/cli/cli.ts'
import { directoryOf } from '../bot/files.ts'

// The first to load it would pay for it.
beforeAll(() => run(['test', '--help']), 30_000)

const text = readFileSync(join(import.meta.dirname, '../../docs/conversations.md'), 'utf8')

/** The block after `<!-- NAME -->`. */
const block = (name: string): string => text.split(`<!-- ${name} -->\n`)[1]?.split(/^```.*\n/m)[1] ?? ''

/** The example of docs/conversations.md as files. */
const written = (test: string) => {
  const files = directoryOf({})
  mkdirSync(join(files.path, 'shop/test'), { recursive: true })
  files.write('shop/shop.yaml', block('shop/shop.yaml'))
  files.write('shop/test/conversations.yaml', test)
  return files
}

it('the example passes', async () => {
  using files = written(block('shop/test/conversations.yaml'))
  const { code, out } = await run(['test', join(files.path, 'shop')])
  expect(out).toContain('3 conversations: 3 passed')
  expect(code).toBe(0)
})

it('the failure looks as it is shown', async () => {
  const steps =
    '    as: Alice\n    steps:\n      - say: hours\n        at: 2026-03-02 12:00\n        answer: We are closed, Alice.\n'
  using files = written(`resources: [..]\ntimeZone: Asia/Taipei\nconversations:\n  - name: Tells its hours\n${steps}`)
  const { out = '' } = await run(['test', join(files.path, 'shop/test/conversations.yaml')])
  expect(`${out.replaceAll(`${files.path}/`, '').replace(/ \(\d+ ms\)/, '')}\n`).toBe(block('output'))
})

it('explains as it is shown', async () => {
  using files = written('')
  const args = ['explain', 'shop', 'hours', '--files', join(files.path, 'shop'), '--at', '2026-03-02T20:00:00+08:00']
  const { out = '' } = await run(args)
  expect(out).toMatch(/^hours\/1 .*chosen/m)
})

it.each([
  'say',
  'send',
  'edit',
  'unsend',
  'press',
  'postback',
  'follow',
  'unfollow',
  'join',
  'leave',
  'memberJoined',
  'memberLeft',
  'event',
])('tells of %s', (act) => {
  expect(text).toContain(`\`${act}: `)
})
