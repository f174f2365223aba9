import { expect, it } from 'vitest'
import { makeLobby } from '../../functions/front-door/lobby.ts'

/** A lobby of ten bytes, and who was pushed out of it. */
function world() {
  const lobby = makeLobby(10)
  const out: string[] = []
  return { out, come: (name: string) => lobby(() => out.push(name)) }
}

it('whoever comes gets in, and who came first goes', () => {
  const { out, come } = world()
  const [a, b, c] = [come('a'), come('b'), come('c')]
  expect([a.take(4), b.take(4), c.take(2)]).toEqual([true, true, true])
  expect(out).toEqual([])
  expect(c.take(1)).toBe(true)
  expect(out).toEqual(['a'])
  expect(come('d').take(10)).toBe(true)
  expect(out).toEqual(['a', 'b', 'c'])
})

it('who was pushed out, or needs more than there is, gets nothing', () => {
  const { out, come } = world()
  const [a, b] = [come('a'), come('b')]
  a.take(5)
  b.take(6)
  expect([a.take(1), b.take(5)]).toEqual([false, false])
  expect(out).toEqual(['a', 'b'])
  expect(come('c').take(10)).toBe(true)
})

it('who goes by himself leaves room, once', () => {
  const { out, come } = world()
  const a = come('a')
  a.take(10)
  a.free()
  a.free()
  const b = come('b')
  expect([b.take(10), b.take(1)]).toEqual([true, false])
  expect(out).toEqual(['b'])
})
