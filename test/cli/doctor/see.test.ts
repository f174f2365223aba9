import { expect, it } from 'vitest'
import { see } from '../../../functions/cli/doctor/see.ts'
import { aBot } from '../../objects.ts'
import { aSecret } from './facts.ts'

it('asks for a thousand Bots a few at a time, and tells of them in their order', async () => {
  const names = Array.from({ length: 1_000 }, (_, index) => `bot-${index}`)
  let [under, most] = [0, 0]
  const inTurn = async <T>(result: T): Promise<T> => {
    most = Math.max(most, ++under)
    await new Promise((resolve) => setImmediate(resolve))
    under--
    return result
  }
  const read = async (path: string) => {
    if (path === '/version') return { gitVersion: 'v1.35.4' }
    if (path.endsWith('/v1alpha1/bots')) return { kind: 'BotList', items: names.map((name) => aBot(name)) }
    return path.includes('/secrets/') ? inTurn(aSecret()) : undefined
  }
  const { bots } = await see({ read, reach: async () => ({}), askLine: () => inTurn({}) }, {})
  expect(bots.map(({ bot }) => bot.metadata.name)).toEqual(names)
  expect(bots.every(({ secret, channel }) => secret && channel)).toBe(true)
  expect(most).toBeLessThan(50)
})
