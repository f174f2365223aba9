import { expect, it } from 'vitest'
import { statusAs } from './kube.ts'
import { refusals, refusalsRemembered } from './refusals.ts'

it('nothing was forbidden to anybody since linebot was installed', async () => {
  expect(await refusals()).toBe(await refusalsRemembered())
})

it('a function that asks for more than its Role gives is refused, and counted', async () => {
  const before = await refusals()
  const user = 'system:serviceaccount:linebot-system:front-door'
  expect(await statusAs(user, '/api/v1/namespaces/default/secrets/any')).toBe(403)
  expect(await refusals()).toBeGreaterThan(before)
})
