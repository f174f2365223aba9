import { globSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import { run } from '../../functions/cli/cli.ts'
import { readDocuments } from '../../functions/cli/documents.ts'
import { validate } from '../../functions/cli/validate.ts'

// The first to load it would pay for it.
beforeAll(() => run(['test', '--help']), 30_000)

const root = join(import.meta.dirname, '../..')
const samples = join(root, 'config/samples')
const files = globSync('**/*.yaml', { cwd: samples }).toSorted()
const sample = z.object({
  kind: z.string(),
  metadata: z.object({ name: z.string() }),
  stringData: z.object({ channelId: z.string().optional() }).optional(),
})
const isTest = (name: string) => name.includes('test/')

it('every sample has its conversations', () => {
  const folder = (name: string) => name.replace(/test\/.*|[^/]*$/, '')
  const tested = new Set(files.filter(isTest).map(folder))
  const untested = files.filter((name) => !isTest(name) && !tested.has(folder(name)))
  expect(untested).toEqual([])
  expect(tested.size).toBeGreaterThanOrEqual(5)
})

it('every sample is valid', async () => {
  const given = files.filter((name) => !isTest(name))
  const ended = await validate(given.map((name) => ({ name, text: readFileSync(join(samples, name), 'utf8') })))
  expect(ended).toMatchObject({ code: 0 })
})

it('the samples get along with each other in one namespace', () => {
  const objects = files
    .filter((name) => !isTest(name))
    .flatMap((name) => readDocuments(readFileSync(join(samples, name), 'utf8')))
    .map(({ value }) => sample.parse(value))
  const names = objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`)
  const channels = objects.flatMap(({ stringData }) => stringData?.channelId ?? [])
  expect(channels.length).toBeGreaterThanOrEqual(5)
  for (const all of [names, channels]) expect(all.toSorted()).toEqual([...new Set(all)].toSorted())
})

it.each(files.filter(isTest))('%s passes', async (name) => {
  const { code, out, err } = await run(['test', relative(process.cwd(), join(samples, name))])
  expect(err ?? out).not.toContain('✗')
  expect(code).toBe(0)
})

it('a folder of samples is tested as a whole', async () => {
  const { code, out } = await run(['test', samples])
  expect(code).toBe(0)
  expect(out?.match(/^✓/gm)).toHaveLength(files.filter(isTest).length)
})
