import { describe, expect, it } from 'vitest'
import { questionFor, webhookUrl } from '../../functions/bot-controller/question.ts'
import { serviceFor } from '../../functions/bot-controller/wanted.ts'
import { aBot, aSecret } from '../objects.ts'
import { complete, defaults, frontDoor, readyService, url } from './world.ts'

const service = readyService(serviceFor(complete(), defaults))

describe('the webhook URL', () => {
  it.each([
    ['is the front door’s', complete(), { url }],
    [
      'is the bot’s own with Direct delivery',
      complete({
        bot: aBot('hello', { spec: { delivery: 'Direct' } }),
        service: readyService(service, { url: 'https://hello.example' }),
      }),
      { url: 'https://hello.example/webhook/demo/hello' },
    ],
    [
      'is what spec.webhook.url says',
      complete({ bot: aBot('hello', { spec: { webhook: { register: true, url: 'https://mine.example/x' } } }) }),
      { url: 'https://mine.example/x' },
    ],
    ['is not there before the front door has one', complete({ frontDoor: undefined }), { reason: 'NoPublicURL' }],
    [
      'is refused as http',
      complete({ frontDoor: { ...frontDoor, status: { url: 'http://front-door.example' } } }),
      { reason: 'InsecureURL' },
    ],
  ])('%s', (_what, seen, expected) => {
    expect(webhookUrl(seen, defaults)).toMatchObject(expected)
  })

  it('is made from the installation’s own name where it has one, but not of a bot that LINE calls itself', () => {
    const named = { ...defaults, publicUrl: 'https://bots.example/line' }
    expect(webhookUrl(complete(), named)).toEqual({ url: 'https://bots.example/line/webhook/demo/hello' })
    const direct = complete({ bot: aBot('hello', { spec: { delivery: 'Direct' } }), service })
    expect(webhookUrl(direct, named)).toMatchObject(webhookUrl(direct, defaults))
  })

  it('may be http where LINE’s API is a stand-in with http', () => {
    const seen = complete({ frontDoor: { ...frontDoor, status: { url: 'http://front-door.example' } } })
    expect(webhookUrl(seen, { ...defaults, lineApi: 'http://127.0.0.1:7072' })).toMatchObject({
      url: 'http://front-door.example/webhook/demo/hello',
    })
  })
})

describe('the question to LINE', () => {
  const asked = (seen: Parameters<typeof questionFor>[0]) => {
    const hash = questionFor(seen, defaults, false)?.hash
    return { ...seen, bot: { ...seen.bot, status: { channel: { asked: hash ?? '' } } } }
  }

  it('is only who the channel is, until the bot can run', () => {
    expect(questionFor(complete(), defaults, false)).toBeDefined()
    expect(questionFor(complete(), defaults, false)).not.toHaveProperty('url')
    expect(questionFor(complete({ service }), defaults, false)).toMatchObject({ url })
  })

  it('is not asked twice, except afresh', () => {
    const seen = asked(complete({ service }))
    expect(questionFor(seen, defaults, false)).toBeUndefined()
    expect(questionFor(seen, defaults, true)).toMatchObject({ url })
  })

  it.each([
    ['the Secret', { secret: aSecret({ channelId: '1', channelSecret: 'other' }) }],
    ['the URL', { frontDoor: { ...frontDoor, status: { url: 'https://new.example' } } }],
  ])('is asked again when %s changes', (_what, change) => {
    expect(questionFor({ ...asked(complete({ service })), ...change }, defaults, false)).toBeDefined()
  })

  it('stays the same while a new Revision is on its way', () => {
    const seen = asked(complete({ service }))
    const rolling = readyService(service, { conditions: [{ type: 'Ready', status: 'Unknown' }] })
    const tested = {
      ...seen.bot.status,
      channel: { ...seen.bot.status.channel, test: { success: true, time: '2026-11-21T08:00:00Z' } },
    }
    expect(
      questionFor({ ...seen, service: rolling, bot: { ...seen.bot, status: tested } }, defaults, false),
    ).toBeUndefined()
  })

  it('waits for the new Revision where LINE calls the bot itself', () => {
    const bot = {
      ...aBot('hello', { spec: { delivery: 'Direct' } }),
      status: { channel: { test: { success: true, time: '2026-11-21T08:00:00Z' } } },
    }
    const rolling = { ...service, metadata: { ...service.metadata, generation: 2 } }
    expect(questionFor(complete({ bot, service: rolling }), defaults, false)).toBeUndefined()
    expect(questionFor(complete({ bot, service }), defaults, false)).toBeDefined()
  })

  it('sets nothing where spec.webhook.register is false', () => {
    const bot = aBot('hello', { spec: { webhook: { register: false } } })
    expect(questionFor(complete({ bot, service }), defaults, false)).not.toHaveProperty('url')
  })

  it('is none without credentials', () => {
    expect(questionFor(complete({ secret: undefined }), defaults, true)).toBeUndefined()
    expect(questionFor(complete({ secret: aSecret({ channelSecret: 's' }) }), defaults, true)).toBeUndefined()
  })
})
