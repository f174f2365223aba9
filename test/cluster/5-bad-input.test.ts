import { request } from 'node:http'
import { beforeAll, describe, expect, it } from 'vitest'
import { apply, create, get, kubectlWith, list, remove } from './kube.ts'
import {
  answerTo,
  type Channel,
  changeChannel,
  makeChannel,
  replyTo,
  say,
  sendBytes,
  sendEvents,
  textOf,
} from './line.ts'
import { counted, countedAtLeast } from './metrics.ts'
import {
  applyAll,
  asleep,
  bindingFor,
  botFor,
  botReady,
  botWith,
  conditionOf,
  eventFor,
  eventWith,
  makeBot,
  namespaceFor,
  podsOf,
  secretFor,
  secretWith,
  showWhenFailed,
} from './story.ts'
import { ringForSweep } from './sweep.ts'
import { until } from './until.ts'
import { world } from './world.ts'

let namespace: string
/** Made first, so that they are asleep when their stories come. */
const sleepers = new Map<string, Channel>()
beforeAll(async () => {
  namespace = await namespaceFor('bad')
  for (const name of ['robbed', 'keyless']) {
    sleepers.set(name, await makeBot(namespace, name))
    await botReady(namespace, name)
  }
})

describe('the API server refuses', () => {
  const head =
    'apiVersion: linebot.dev/v1alpha1\nkind: Bot\nmetadata: { name: NAME }\nspec: { channel: { secretName: a } }'
  it.each([
    [
      'a field that is unknown',
      head.replace('NAME', 'a').replace('{ channel', '{ chanel: 1, channel'),
      /unknown field "spec.chanel"/,
    ],
    [
      'a value of the wrong type',
      head.replace('NAME', 'a').replace('secretName: a', 'secretName: 1'),
      /spec.channel.secretName.*string/,
    ],
    ['a name of 41 characters', head.replace('NAME', 'a'.repeat(41)), /metadata.name: at most 40 characters/],
    ['a name that no Service can have', head.replace('NAME', '2nd'), /metadata.name: lower-case letters/],
  ])('%s, and says which', async (_what, yaml, said) => {
    await expect(kubectlWith(yaml, 'apply', '-n', namespace, '-f', '-')).rejects.toThrow(said)
  })
})

describe('a rule that cannot be used is left out, the rest of the Event answers:', () => {
  let channel: Channel
  beforeAll(async () => {
    channel = await makeBot(namespace, 'rules')
    await botReady(namespace, 'rules')
  })

  it.each([
    [
      'a reply beyond a limit of LINE’s',
      {
        keywords: ['x'],
        reply: [
          { type: 'text', text: 'ok' },
          { type: 'text', text: '𠮷'.repeat(2600) },
        ],
      },
      /^spec\.rules\[0\]\.reply\[1\]\.text: .*5200.*5000/,
    ],
    [
      'a regex with lookaround',
      { match: 'Regex', keywords: ['a(?=b)'], reply: [{ type: 'text', text: 'x' }] },
      /^spec\.rules\[0\]\.keywords\[0\]: .*look/i,
    ],
    [
      'a regex with a backreference',
      { match: 'Regex', keywords: ['(a)\\1'], reply: [{ type: 'text', text: 'x' }] },
      /^spec\.rules\[0\]\.keywords\[0\]: .*back-?reference/i,
    ],
  ])('%s', async (what, rule, said) => {
    showWhenFailed(namespace)
    const word = `after ${what}`
    const rules = [rule, { keywords: [word], reply: [{ type: 'text', text: 'still here' }] }]
    await apply('Event', namespace, eventWith('partly', { type: 'message', rules }, { bot: 'rules' }))
    await until('the Event is Rejected in part', 60, async () => {
      const event = await get('Event', namespace, 'partly')
      const ready = conditionOf(event, 'Ready')
      if (event?.status?.observedGeneration !== event?.metadata.generation) return false
      return ready?.reason === 'Rejected' && said.test(ready.message)
    })
    await until('the other rule is in force', 60, async () => {
      const sent = await say(channel, word)
      const reply = await replyTo(sent, 3).catch(() => undefined)
      return reply && textOf(reply) === 'still here'
    })
    expect(await answerTo(channel, 'hi')).toBe('hello from rules')
  })
})

describe('a Secret', () => {
  it('that is missing, then lacks a key, then is right: the condition says each, and the Bot is not touched', async () => {
    showWhenFailed(namespace)
    const channel = await makeChannel(`${namespace}-late`)
    await applyAll(namespace, [
      bindingFor('late', { matchLabels: { bot: 'late' } }),
      eventFor('late', 'hi', 'better late', { bot: 'late' }),
      botFor('late'),
    ])
    const missing = await botWith(namespace, 'late', 'Ready', { status: 'False', reason: 'SecretMissing' })
    expect(conditionOf(missing, 'Ready')?.message).toContain('create Secret late')
    expect(await get('Service', namespace, 'late')).toBeUndefined()
    await apply('Secret', namespace, secretWith('late', { channelId: channel.id }))
    const keyless = await botWith(namespace, 'late', 'Ready', { status: 'False', reason: 'SecretKeyMissing' })
    expect(conditionOf(keyless, 'Ready')?.message).toContain('channelSecret')
    await apply('Secret', namespace, secretFor('late', channel))
    const mended = await botReady(namespace, 'late')
    expect(mended.metadata.generation).toBe(missing.metadata.generation)
    expect(await answerTo(channel, 'hi')).toBe('better late')
  })

  it('with another channelSecret than the channel has: LINE refuses who speaks with it', async () => {
    showWhenFailed(namespace)
    const channel = await makeBot(namespace, 'mistyped')
    await botReady(namespace, 'mistyped')
    await apply('Secret', namespace, secretWith('mistyped', { channelId: channel.id, channelSecret: 'another' }))
    await botWith(namespace, 'mistyped', 'Ready', { status: 'False', reason: 'CredentialsRefused' })
    await apply('Secret', namespace, secretFor('mistyped', channel))
    await botReady(namespace, 'mistyped')
    expect(await answerTo(channel, 'hi')).toBe('hello from mistyped')
  })

  it('with a long-lived token, and another channelSecret than LINE signs with: 401, counted, and in status', async () => {
    showWhenFailed(namespace)
    const channel = await makeChannel(`${namespace}-wrong`)
    const rejected = `linebot_front_door_signature_rejected_total{namespace="${namespace}",bot="wrong"}`
    await applyAll(namespace, [
      secretWith('wrong', { channelAccessToken: await tokenOf(channel), channelSecret: 'another' }),
      bindingFor('wrong', { matchLabels: { bot: 'wrong' } }),
      eventFor('wrong', 'hi', 'right', { bot: 'wrong' }),
      botFor('wrong'),
    ])
    await botWith(namespace, 'wrong', 'Ready', { status: 'False', reason: 'WrongChannelSecret' })
    const before = await countedAtLeast(rejected, 1)
    expect(await say(channel, 'hi')).toMatchObject({ status: 401 })
    expect(await countedAtLeast(rejected, before + 1)).toBe(before + 1)
    await apply('Secret', namespace, secretFor('wrong', channel))
    await botReady(namespace, 'wrong')
    expect(await answerTo(channel, 'hi')).toBe('right')
  })

  it('whose channelSecret becomes a wrong one is noticed, though the front door remembers the right one', async () => {
    showWhenFailed(namespace)
    const channel = await makeChannel(`${namespace}-turned`)
    const channelAccessToken = await tokenOf(channel)
    await applyAll(namespace, [
      secretWith('turned', { channelAccessToken, channelSecret: channel.secret }),
      bindingFor('turned', { matchLabels: { bot: 'turned' } }),
      eventFor('turned', 'hi', 'right', { bot: 'turned' }),
      botFor('turned'),
    ])
    await botReady(namespace, 'turned')
    await apply('Secret', namespace, secretWith('turned', { channelAccessToken, channelSecret: 'another' }))
    const bot = await botWith(namespace, 'turned', 'WebhookReady', { status: 'False', reason: 'WrongChannelSecret' })
    expect(conditionOf(bot, 'Ready')).toMatchObject({ status: 'False' })
  })
})

describe('a webhook', () => {
  let channel: Channel
  beforeAll(async () => {
    channel = await makeBot(namespace, 'hooks')
    await botReady(namespace, 'hooks')
  })
  const text = { type: 'message', message: { type: 'text', text: 'hi' } }

  it.each([
    ['that is cut short', '{"destination":"U1","events":[{"type":"mess', 400],
    ['that is not JSON', 'hello', 400],
    ['that is null', 'null', 400],
    ['nested a hundred thousand deep', `{"events":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 200],
    ['without events', '{"destination":"U1","events":[]}', 200],
  ])('%s gets its status', async (_what, body, status) => {
    expect(await sendBytes(channel, body)).toMatchObject({ status })
  })

  it('of two MiB is refused unread', async () => {
    const tooLarge = 'linebot_front_door_webhooks_total{code="413"}'
    const before = await counted(tooLarge)
    const { status } = await sendBytes(channel, `{"events":[],"x":"${'x'.repeat(2 * 1024 * 1024)}"}`)
    // A proxy that is still sending when the answer comes may say so in its own way.
    expect([413, 502]).toContain(status)
    expect(await countedAtLeast(tooLarge, before + 1)).toBe(before + 1)
  })

  it.each([
    ['none', null],
    ['an empty one', ''],
    ['another’s', 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='],
  ])('with %s for a signature gets 401', async (_what, signature) => {
    expect(await sendBytes(channel, '{"destination":"U1","events":[]}', signature)).toMatchObject({ status: 401 })
  })

  it('with 100 events gets each of them answered, once', async () => {
    const sent = await sendEvents(
      channel,
      Array.from({ length: 100 }, () => text),
    )
    expect(sent).toMatchObject({ status: 200 })
    const all = await Promise.all(sent.webhookEventIds.map((id) => replyTo({ ...sent, webhookEventIds: [id] })))
    expect(all.map(textOf)).toEqual(Array.from({ length: 100 }, () => 'hello from hooks'))
  })

  it('with types that nobody knows yet does no harm to what stands beside them', async () => {
    const sent = await sendEvents(channel, [
      { type: 'telepathy', thought: {} },
      { type: 'message', message: { type: 'smell' } },
      text,
    ])
    expect(sent).toMatchObject({ status: 200 })
    const [, , known = ''] = sent.webhookEventIds
    expect(textOf(await replyTo({ ...sent, webhookEventIds: [known] }))).toBe('hello from hooks')
  })

  it('for a Bot that does not exist gets 404, as does any other path', async () => {
    const { host } = new URL(String((await get('Service', 'linebot-system', 'front-door'))?.status.url))
    expect(await post(host, `/webhook/${namespace}/nobody`)).toBe(404)
    expect(await post(host, '/webhook/nowhere/nobody')).toBe(404)
    expect(await post(host, '/elsewhere')).toBe(404)
  })
})

describe('a Bot', () => {
  it('whose name a Service of somebody else has leaves that alone and says so', async () => {
    showWhenFailed(namespace)
    const plain = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'taken' }, spec: { ports: [{ port: 80 }] } }
    await create('CoreService', namespace, plain)
    await makeBot(namespace, 'taken')
    await botWith(namespace, 'taken', 'Ready', { status: 'False', reason: 'NameTaken' })
    expect(await get('Service', namespace, 'taken')).toBeUndefined()
    const theirs = {
      apiVersion: 'serving.knative.dev/v1',
      kind: 'Service',
      metadata: { name: 'theirs', annotations: { theirs: 'yes' } },
      spec: { template: { spec: { containers: [{ image: world.image, command: ['/nodejs/bin/node', '-e', bare] }] } } },
    }
    await create('Service', namespace, theirs)
    await makeBot(namespace, 'theirs')
    await botWith(namespace, 'theirs', 'Ready', { status: 'False', reason: 'NameTaken' })
    const left = await get('Service', namespace, 'theirs')
    expect(left).toMatchObject({
      metadata: { generation: 1 },
      spec: { template: { spec: { containers: [{ image: world.image }] } } },
    })
    expect(left?.metadata.ownerReferences).toBeUndefined()
    await remove('CoreService', namespace, 'taken')
  })

  it('in a namespace that has not opted in: kubectl warns at once, status says so after a sweep', async () => {
    const closed = await namespaceFor('closed', { enabled: false })
    showWhenFailed(closed)
    const yaml = `apiVersion: linebot.dev/v1alpha1\nkind: Bot\nmetadata: { name: a }\nspec: { channel: { secretName: a } }`
    const { stderr } = await kubectlWith(yaml, 'apply', '-n', closed, '-f', '-')
    expect(stderr).toContain(`Warning: `)
    expect(stderr).toContain(`npx linebot enable ${closed}`)
    await ringForSweep()
    const bot = await botWith(closed, 'a', 'Ready', { status: 'False', reason: 'NamespaceNotEnabled' }, 120)
    expect(conditionOf(bot, 'Ready')?.message).toContain(`npx linebot enable ${closed}`)
    expect(await list('Service', closed)).toEqual([])
  })
})

describe('while a bot sleeps', () => {
  it('a ConfigMap that it mounts is deleted: it comes back by itself, and the bot answers', async () => {
    showWhenFailed(namespace)
    const channel = sleeper('robbed')
    await asleep(namespace, 'robbed')
    const rules = await list('ConfigMap', namespace, 'linebot.dev/binding=robbed')
    expect(rules).toHaveLength(1)
    for (const { metadata } of rules) await remove('ConfigMap', namespace, metadata.name)
    await until('the rules are there again', 60, async () => {
      const again = await list('ConfigMap', namespace, 'linebot.dev/binding=robbed')
      return again[0] !== undefined && again[0].metadata.uid !== rules[0]?.metadata.uid
    })
    await botReady(namespace, 'robbed')
    expect(await podsOf(namespace, 'robbed')).toEqual([])
    expect(await answerTo(channel, 'hi')).toBe('hello from robbed')
  })

  it('the Secret that it mounts is deleted: status says so, and it answers once the Secret is back', async () => {
    showWhenFailed(namespace)
    const channel = sleeper('keyless')
    await asleep(namespace, 'keyless')
    await remove('Secret', namespace, 'keyless')
    const bot = await botWith(namespace, 'keyless', 'Ready', { status: 'False', reason: 'SecretMissing' })
    expect(conditionOf(bot, 'ServiceReady')).toMatchObject({ status: 'False', reason: 'MountMissing' })
    await apply('Secret', namespace, secretFor('keyless', channel))
    await botReady(namespace, 'keyless')
    expect(await answerTo(channel, 'hi')).toBe('hello from keyless')
  })
})

function sleeper(name: string): Channel {
  const channel = sleepers.get(name)
  if (!channel) throw new Error(`${name} was not made`)
  return channel
}

const bare = "require('node:http').createServer((q, r) => r.end()).listen(process.env.PORT)"

/** The channel's long-lived token, as its owner reads it in LINE's console. */
const tokenOf = async (channel: Channel): Promise<string> => (await changeChannel(channel, {})).accessToken

const post = (host: string, path: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const options = { method: 'POST', headers: { host, 'content-type': 'application/json' } }
    request(`http://${world.gateway}${path}`, options, (response) => resolve(response.resume().statusCode))
      .on('error', reject)
      .end('{}')
  })
