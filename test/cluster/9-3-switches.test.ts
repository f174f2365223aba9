import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { applyLinebot, endStories, linebotReady } from './install.ts'
import { create, get, kubectl, patch } from './kube.ts'
import { answerTo, channelAtLine, say } from './line.ts'
import { botReady, botWith, linebot, makeBot, namespaceFor, podsOf, showWhenFailed } from './story.ts'
import { accountOf } from './stream.ts'
import { until } from './until.ts'
import { world } from './world.ts'

/** Whatever a story has switched is as it was afterwards. */
afterAll(async () => {
  await applyLinebot()
  await linebotReady()
})

const running = async (namespace: string, name: string) =>
  (await podsOf(namespace, name)).filter(
    ({ metadata, status }) => !metadata.deletionTimestamp && status.phase === 'Running',
  )

/** One of the Revision of before may still be there. */
const twoDoors = () =>
  until('two front doors are there', 90, async () => (await running('linebot-system', 'front-door')).length >= 2)

describe('an installation with switches', () => {
  let namespace: string
  beforeAll(async () => {
    await endStories()
    namespace = await namespaceFor('switched')
    await makeBot(namespace, 'shop')
    await botReady(namespace, 'shop')
  })

  it('has them in force once it is applied, and every Bot follows by itself', async () => {
    showWhenFailed(namespace)
    const registry = { metadata: { name: 'registry' }, type: 'kubernetes.io/dockerconfigjson' }
    const data = { '.dockerconfigjson': Buffer.from('{"auths":{}}').toString('base64') }
    for (const home of ['linebot-system', namespace]) {
      await create('Secret', home, { ...registry, data }).catch(() => undefined)
    }
    await applyLinebot({
      'front-doors': '2',
      'pull-secret': 'registry',
      sweep: '*/30 * * * *',
    })
    await linebotReady()
    await twoDoors()
    expect((await get('PingSource', 'linebot-system', 'sweep'))?.spec.schedule).toBe('*/30 * * * *')
    const pullsWith = (name: string, home: string) =>
      until(`${name} is pulled with the Secret`, 90, async () => {
        const service = await get('Service', home, name)
        return service?.spec.template.spec.imagePullSecrets?.[0]?.name === 'registry'
      })
    for (const name of ['front-door', 'bot-controller', 'event-controller']) await pullsWith(name, 'linebot-system')
    expect(await pullsWith('shop', namespace)).toBe(true)
    await botReady(namespace, 'shop')
  })

  it('gives LINE the public URL, and goes back to Knative’s without', async () => {
    showWhenFailed(namespace)
    const channel = await makeBot(namespace, 'named')
    const urlOf = async () => (await channelAtLine(channel)).endpoint
    await botReady(namespace, 'named')
    const knatives = await urlOf()
    // Another spelling of the same place, so that LINE's stand-in reaches it.
    const named = 'http://FRONT-DOOR.linebot-system.bots.test'
    await applyLinebot({ 'public-url': named })
    await until('LINE has the public URL', 90, async () => (await urlOf()) === `${named}/webhook/${namespace}/named`)
    await applyLinebot()
    await until('LINE has Knative’s again', 90, async () => (await urlOf()) === knatives)
    expect(await answerTo(channel, 'hi')).toBe('hello from named')
  })

  it('follows Knative to another domain by itself, and back', async () => {
    showWhenFailed(namespace)
    const channel = await makeBot(namespace, 'moved')
    await botReady(namespace, 'moved')
    const before = String((await channelAtLine(channel)).endpoint)
    const domainOf = (url: string) => new URL(url).host.replace('front-door.linebot-system.', '')
    const moves = async (from: string, to: string) => {
      await patch('ConfigMap', 'knative-serving', 'config-domain', { data: { [from]: null, [to]: '' } })
      const there = before.replace(domainOf(before), to)
      await until(`LINE has ${there}`, 120, async () => (await channelAtLine(channel)).endpoint === there)
      // Status tells of what LINE was told, so it comes after that.
      await until('status says so', 150, async () => (await botReady(namespace, 'moved')).status.url === there)
    }
    const home = domainOf(before)
    try {
      await moves(home, 'elsewhere.test')
      expect(await answerTo(channel, 'hi')).toBe('hello from moved')
    } finally {
      await moves('elsewhere.test', home)
    }
    expect(await answerTo(channel, 'hi')).toBe('hello from moved')
  })

  it('with two front doors has two, and goes on with one', async () => {
    showWhenFailed(namespace)
    const channel = await makeBot(namespace, 'doors')
    await botReady(namespace, 'doors')
    await applyLinebot({ 'front-doors': '2' })
    await linebotReady()
    await twoDoors()
    const [one] = await running('linebot-system', 'front-door')
    await kubectl('delete', 'pod', '-n', 'linebot-system', String(one?.metadata.name), '--wait=false')
    const sent = await Promise.all(Array.from({ length: 20 }, () => say(channel, 'hi')))
    const { failed, lost, doubled } = await accountOf(sent)
    expect({ failed, lost, doubled }).toEqual({ failed: [], lost: [], doubled: [] })
  })
})

describe('restricted Pod Security', () => {
  it('is enforced where linebot lives, and a tenant may enforce it too', async () => {
    const namespace = await namespaceFor('restricted')
    showWhenFailed(namespace)
    const enforce = 'pod-security.kubernetes.io/enforce=restricted'
    await kubectl('label', 'namespace', namespace, enforce)
    const { stdout } = await kubectl('get', 'namespace', 'linebot-system', '-o', 'jsonpath={.metadata.labels}')
    expect(JSON.parse(stdout)).toMatchObject({ 'pod-security.kubernetes.io/enforce': 'restricted' })
    // It is enforced: this pod is one that it refuses.
    const loose = { metadata: { name: 'loose' }, spec: { containers: [{ name: 'loose', image: world.image }] } }
    await expect(create('Pod', namespace, loose)).rejects.toThrow(/restricted/)
    const channel = await makeBot(namespace, 'strict')
    await botReady(namespace, 'strict')
    expect(await answerTo(channel, 'hi')).toBe('hello from strict')
    const pods = [...(await podsOf(namespace, 'strict')), ...(await running('linebot-system', 'front-door'))]
    for (const { spec } of pods) {
      const ours = spec.containers.find(({ name }: { name: string }) => name !== 'queue-proxy')
      expect(ours.securityContext).toMatchObject({ readOnlyRootFilesystem: true, runAsNonRoot: true })
    }
  })
})

describe('a tenant that opts out', () => {
  it('is told so, keeps its bots as they are, and comes back', async () => {
    const namespace = await namespaceFor('leaver')
    showWhenFailed(namespace)
    const channel = await makeBot(namespace, 'shop')
    await botReady(namespace, 'shop')
    const before = await get('Service', namespace, 'shop')
    await linebot('disable', namespace)
    await botWith(namespace, 'shop', 'Ready', { status: 'False', reason: 'NamespaceNotEnabled' }, 120)
    expect((await get('Service', namespace, 'shop'))?.metadata.generation).toBe(before?.metadata.generation)
    await linebot('enable', namespace)
    await botReady(namespace, 'shop', 120)
    expect(await answerTo(channel, 'hi')).toBe('hello from shop')
  })
})
