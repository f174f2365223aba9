import { expect, it } from 'vitest'
import { sizeOf } from '../../functions/core/compile/size.ts'
import type { Rule } from '../../functions/core/rule.ts'
import { named, shards } from '../../functions/event-controller/wanted.ts'

const rule = (index: number, text = 'x'): Rule => ({
  event: 'e',
  index,
  type: 'message',
  match: 'Exact',
  keywords: ['k'],
  priority: 0,
  replies: [[{ type: 'text', text }]],
})

it('puts rules into as few files as hold them, in their order', () => {
  const rules = Array.from({ length: 10 }, (_, index) => rule(index))
  const files = shards('b', 0, rules, sizeOf(rule(0)) * 4)
  expect(files.map((file) => file.rules.map(({ index }) => index))).toEqual([
    [0, 1, 2, 3],
    [4, 5, 6, 7],
    [8, 9],
  ])
})

it('makes one file even without rules, so that a pod always has something to mount', () => {
  expect(shards('b', 0, [])).toEqual([{ binding: 'b', priority: 0, rules: [] }])
})

it('stays below what a ConfigMap may hold with 5,000 long rules', () => {
  const files = shards(
    'b',
    0,
    Array.from({ length: 5_000 }, (_, index) => rule(index, '斬'.repeat(200))),
  )
  const { configMaps } = named('demo', files)
  expect(files.length).toBeGreaterThan(3)
  for (const one of configMaps) expect(Buffer.byteLength(JSON.stringify(one))).toBeLessThan(1024 * 1024)
  expect(new Set(configMaps.map(({ metadata }) => metadata.name)).size).toBe(files.length)
})

it('names the same content alike and another content otherwise', () => {
  const name = (text: string) => named('demo', shards('b', 0, [rule(0, text)])).configMaps[0]?.metadata.name
  expect(name('x')).toBe(name('x'))
  expect(name('x')).not.toBe(name('y'))
})
