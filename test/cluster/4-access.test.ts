import { request } from 'node:http'
import { expect, it } from 'vitest'
import { get, statusAs } from './kube.ts'
import { refusals, refusalsRemembered } from './refusals.ts'
import { world } from './world.ts'

it('nothing was forbidden to anybody since linebot was installed', async () => {
  expect(await refusals()).toBe(await refusalsRemembered())
})

it('a function that asks for more than its Role gives is refused, and counted', async () => {
  const before = await refusals()
  const user = 'system:serviceaccount:linebot-system:front-door'
  expect(await statusAs(user, '/api/v1/namespaces/default/secrets/any')).toBe(403)
  expect(await refusals()).toBeGreaterThan(before)
})

/** What the cluster's ingress answers to whoever is outside. */
const outside = (host: string) =>
  new Promise<number | undefined>((resolve, reject) => {
    const asked = request(`http://${world.gateway}/healthz`, { headers: { host } })
    asked.on('response', (response) => resolve(response.resume().statusCode))
    asked.on('error', reject).end()
  })

it('only the front door can be called from outside of the cluster', async () => {
  const host = new URL((await get('Service', 'linebot-system', 'front-door'))?.status.url).host
  expect(await outside(host)).toBe(200)
  for (const name of ['bot-controller', 'event-controller']) {
    expect(await outside(host.replace('front-door', name))).toBe(404)
  }
})
