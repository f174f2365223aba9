import { afterEach, describe, expect, it } from 'vitest'
import { makePlatform } from '../../../functions/local/line/app.ts'
import { makePage } from '../../../functions/local/page/page.ts'
import { channel, condition, makeObjects, object } from './stage.ts'

const open: { close(): void }[] = []

afterEach(() => {
  for (const one of open.splice(0)) one.close()
})

const start = (objects = makeObjects()) => {
  const platform = makePlatform({ channels: [channel] })
  const page = makePage({ platform, objects: objects.objects })
  open.push(page, platform)
  const request = (path: string, init: RequestInit = {}) => page.app.request(`http://127.0.0.1:7070${path}`, init)
  const act = async (body: unknown) => {
    const response = await request('/do', { method: 'POST', body: JSON.stringify(body) })
    const answer: Record<string, string> = JSON.parse(await response.text())
    return { status: response.status, body: answer }
  }
  return { platform, page, request, act, objects }
}

/** The next pieces of news of a stream, until one is `last`. */
const newsUntil = async (response: Response, last: (news: { type: string }) => boolean) => {
  const all: { type: string; [member: string]: unknown }[] = []
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true })
    for (let at = text.indexOf('\n\n'); at >= 0; at = text.indexOf('\n\n')) {
      all.push(JSON.parse(text.slice('data: '.length, at)))
      text = text.slice(at + 2)
    }
    const newest = all.at(-1)
    if (newest && last(newest)) break
  }
  return all
}

describe('the page', () => {
  it('holds no script and no style of its own, loads nothing from elsewhere, and says so in its policy', async () => {
    const { request } = start()
    const response = await request('/')
    const policy = response.headers.get('content-security-policy')
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toContain('unsafe')
    const shell = await response.text()
    expect(shell).not.toMatch(/<style|\sstyle=|\son\w+=|<script[^>]*>[^<]|https?:/)
    for (const [, path = ''] of shell.matchAll(/(?:src|href)="(\/[^"]+)"/g))
      expect((await request(path)).status).toBe(200)
  })

  it('serves every module that its script imports', async () => {
    const { request } = start()
    const seen = new Set<string>()
    const follow = async (name: string): Promise<void> => {
      if (seen.has(name)) return
      seen.add(name)
      const response = await request(`/${name}`)
      expect([name, response.status, response.headers.get('content-type')]).toEqual([
        name,
        200,
        'text/javascript; charset=utf-8',
      ])
      const text = await response.text()
      for (const [, next = ''] of text.matchAll(/from '\.\/([^']+)'/g)) await follow(next)
    }
    await follow('chat.js')
    expect(seen.size).toBeGreaterThan(5)
  })

  it.each([
    ['its own address', { host: '127.0.0.1:7070' }, 200],
    ['localhost', { host: 'localhost:7070' }, 200],
    ['IPv6', { host: '[::1]:7070' }, 200],
    ['its own origin', { host: 'localhost:7070', origin: 'http://localhost:7070' }, 200],
    ['a name that leads here', { host: 'evil.example:7070' }, 403],
    ['a name like ours', { host: 'localhost.evil.example' }, 403],
    ['another origin', { host: 'localhost:7070', origin: 'https://evil.example' }, 403],
    ['another port', { host: 'localhost:7070', origin: 'http://localhost:8080' }, 403],
    ['a page without origin', { host: 'localhost:7070', origin: 'null' }, 403],
  ])('for %s', async (_who, headers, status) => {
    const { request } = start()
    expect((await request('/', { headers })).status).toBe(status)
    expect((await request('/events', { headers, method: 'HEAD' })).status).toBe(status)
  })

  it.each(['/../page.ts', '/page.ts', '/content/1', '/browser/chat.js'])('has no %s', async (path) => {
    expect((await start().request(path)).status).toBe(404)
  })
})

describe('what is done on the page', () => {
  it.each([
    ['nothing', undefined, 400],
    ['what it does not know', { do: 'fly' }, 400],
    ['a misspelt member', { do: 'follow', channel: channel.id, usr: 'U1' }, 400],
    ['a channel that is not there', { do: 'follow', channel: 'x', user: 'U1' }, 404],
    ['a bot that has no webhook yet', { do: 'follow', channel: channel.id, user: 'U1' }, 409],
    ['a group without a name', { do: 'group', channel: channel.id, name: ' ', users: ['U1'] }, 400],
  ])('%s is refused, and told why', async (_what, body, status) => {
    const answer = await start().act(body)
    expect(answer).toMatchObject({ status, body: { message: expect.stringMatching(/\w/) } })
  })

  it('makes people and groups, one of a name', async () => {
    const { platform, act } = start()
    const { body: person } = await act({ do: 'person', name: ' Mai ' })
    expect(platform.people.find(channel.id, 'Mai')).toMatchObject(person)
    const group = { do: 'group', channel: channel.id, name: 'Hunters', users: [person['userId'] ?? ''] }
    expect(await act(group)).toMatchObject({ status: 200 })
    expect(platform.groups.find('Hunters')).toMatchObject({ bot: channel.id, members: new Set([person['userId']]) })
    expect((await act(group)).status).toBe(409)
  })

  it('takes a picture, and shows it again', async () => {
    const { platform, request } = start()
    const query = `channel=${channel.id}&user=U1`
    const bytes = new Uint8Array([137, 80, 78, 71])
    const post = (type: string) =>
      request(`/image?${query}`, { method: 'POST', body: bytes, headers: { 'content-type': type } })
    expect((await post('image/svg+xml')).status).toBe(400)
    expect((await post('image/png')).status).toBe(409)
    const happened = platform.happenings.list().find(({ kind }) => kind === 'event')
    const id = happened?.kind === 'event' ? Object(happened.event['message']).id : ''
    const shown = await request(`/content/${id}`)
    expect(shown.headers.get('content-type')).toBe('image/png')
    expect(new Uint8Array(await shown.arrayBuffer())).toEqual(bytes)
  })
})

describe('the news', () => {
  it('begin with everything, then tell what changes', async () => {
    const ready = condition('Ready', 'True', 'Ready', 'Answers')
    const objects = makeObjects(object('Bot', 'hello', {}), object('Secret', 'hello', { channelSecret: 'x' }))
    const { platform, request } = start(objects)
    const response = await request('/events')
    objects.set(object('Bot', 'hello', {}, ready))
    objects.set(object('Secret', 'other', {}))
    objects.set(object('Bot', 'bye', {}))
    platform.happenings.tell({ kind: 'people' })
    objects.remove(object('Bot', 'bye', {}))
    const news = await newsUntil(
      response,
      ({ type, ...rest }) => type === 'resource' && 'verb' in rest && rest.verb === 'delete',
    )
    expect(news.map(({ type }) => type)).toEqual(['all', 'resource', 'resource', 'world', 'world', 'resource'])
    expect(news[0]).toMatchObject({
      bots: [{ id: 'default/hello', channel: channel.id, displayName: 'Hello' }],
      people: [{ displayName: 'You' }, {}, {}, {}],
      resources: [{ kind: 'Bot', name: 'hello', conditions: [] }],
    })
    expect(news[1]).toMatchObject({ verb: 'set', resource: { name: 'hello', conditions: [{ message: 'Answers' }] } })
    expect(news[3]).toMatchObject({ bots: [{ id: 'default/hello' }, { id: 'default/bye', active: false }] })
  })

  it('hold no secret', async () => {
    const { request } = start()
    const [all] = await newsUntil(await request('/events'), () => true)
    expect(JSON.stringify(all)).not.toMatch(/secret|token/)
  })
})
