import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { hunter } from './bot.ts'

const folder = mkdtempSync(join(tmpdir(), 'line-'))
const children: ChildProcessWithoutNullStreams[] = []

beforeAll(() => writeFileSync(join(folder, 'channels.json'), JSON.stringify([hunter])))
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})
afterAll(() => rmSync(folder, { recursive: true }))

const start = async (...options: string[]) => {
  const child = spawn(process.execPath, ['functions/local/line/main.ts', '--port', '0', ...options])
  children.push(child)
  const ended = once(child, 'exit')
  const [firstLine] = await once(child.stdout, 'data')
  const { listening }: { listening: string } = JSON.parse(String(firstLine))
  return { child, ended, listening }
}

it('says where it listens, knows its channels, and ends at SIGTERM at once', async () => {
  const options = ['--channels', join(folder, 'channels.json'), '--channel', '2:s:Two: the second']
  const { child, ended, listening } = await start(...options)
  const response = await fetch(`${listening}/_simulator/channels`)
  expect(await response.json()).toMatchObject({ channels: [{ id: '2', name: 'Two: the second' }, hunter] })
  child.kill('SIGTERM')
  expect(await ended).toEqual([0, null])
})

it('ends with its parent', async () => {
  const { child, ended } = await start('--with-parent')
  child.stdin.end()
  expect(await ended).toEqual([0, null])
})
