import { expect, it } from 'vitest'
import { readRules } from '../../functions/bot/rules.ts'
import { directoryOf } from './files.ts'

const file = (binding: string) => ({ binding, priority: 1, rules: [] })

it('rules are all files that end in .json', () => {
  using directory = directoryOf({
    'a.json': JSON.stringify(file('a')),
    'b.json': JSON.stringify(file('b')),
    'notes.txt': 'no rules',
  })
  expect(readRules(directory.path)).toEqual([file('a'), file('b')])
})

it('no directory is no rules', () => {
  expect(readRules('/nowhere/at/all')).toEqual([])
})

it.each(['', '[]', '{"binding":"a","priority":1}', '{"binding":"a","priority":1,"rules":['])(
  'a file of %j is an error that names it',
  (content) => {
    using directory = directoryOf({ 'a.json': content })
    expect(() => readRules(directory.path)).toThrow(/a\.json is no file of compiled rules/)
  },
)
