import { expect, it } from 'vitest'
import { tell, textDiff } from '../../../functions/core/conversation/diff.ts'

it.each<[string, string, string[]]>([
  ['a', 'b', ['  - a', '  + b']],
  ['頭 > 翼', '頭 > 尾', ['  ~ 頭 > [-翼-]{+尾+}']],
  ['one\ntwo\nthree', 'one\n2\nthree', ['    one', '  - two', '  + 2', '    three']],
  ['one\ntwo', 'one', ['    one', '  - two']],
  ['one', 'one\ntwo', ['    one', '  + two']],
  [
    'Hello, Alice!\nBye, Alice!',
    'Hello, Bob!\nBye, Bob!',
    ['  ~ Hello, [-Alice-]{+Bob+}!', '  ~ Bye, [-Alice-]{+Bob+}!'],
  ],
  ['👨‍👩‍👧 and me', '👨‍👩‍👦 and me', ['  ~ [-👨‍👩‍👧-]{+👨‍👩‍👦+} and me']],
  ['a b c\n', 'a b c', ['    a b c', '  expected is a line end at the end: write |- in place of |']],
])('%j against %j is told line by line', (expected, actual, lines) => {
  expect(textDiff(expected, actual)).toEqual(lines)
})

it('lists all of very long lines, and takes no time for it', () => {
  const [long, longer] = ['x'.repeat(5000), `${'x'.repeat(5000)}y`]
  expect(textDiff(long, longer)).toEqual([`  - ${long}`, `  + ${longer}`])
})

it.each<[string, Parameters<typeof tell>[0], string[]]>([
  [
    'what is missing',
    { path: 'answer[1]', expected: 'a\nb' },
    ['answer[1]: nothing, but expected was', '  - a', '  - b'],
  ],
  [
    'what is too much',
    { path: 'answer[0]', actual: { type: 'text', text: 'a' } },
    ['answer[0]: nothing was expected, but there is', '  + a'],
  ],
  [
    'what is of another kind',
    { path: 'answer[0].x', expected: 1, actual: { a: 'b' } },
    ['answer[0].x:', '  - 1', '  + {"a":"b"}'],
  ],
])('tells %s', (_what, difference, lines) => {
  expect(tell(difference)).toEqual(lines)
})
