import { readFileSync } from 'node:fs'
import { type Context, Hono } from 'hono'
import { streamSSE } from 'hono/streaming'
import { userIdFor } from '../line/people.ts'
import { Refused } from '../line/refused.ts'
import { conversationOf } from './conversation.ts'
import { perform } from './do.ts'
import { guard } from './guard.ts'
import { makeNewsDesk, type NewsDesk, type Sources } from './news.ts'
import { shell } from './shell.ts'

export interface Page {
  readonly app: Hono
  /** Ends the streams to browsers. */
  close(): void
}

/** Those who are there before anybody is made; `linebot say` writes as the first. */
const cast = ['You', '美咲', 'Ken', 'ฝน'] as const

/** The browser's own files, served as they lie. */
const files: Readonly<Record<string, string>> = {
  'chat.css': 'text/css; charset=utf-8',
  'chat.js': 'text/javascript; charset=utf-8',
  'composer.js': 'text/javascript; charset=utf-8',
  'flex.js': 'text/javascript; charset=utf-8',
  'icon.svg': 'image/svg+xml',
  'dom.js': 'text/javascript; charset=utf-8',
  'live.js': 'text/javascript; charset=utf-8',
  'log.js': 'text/javascript; charset=utf-8',
  'messages.js': 'text/javascript; charset=utf-8',
  'parts.js': 'text/javascript; charset=utf-8',
  'people.js': 'text/javascript; charset=utf-8',
  'resources.js': 'text/javascript; charset=utf-8',
}

/** LINE's limit for an image (message-objects). */
const maxImageBytes = 10 * 1024 * 1024

const serveFile = (c: Context, name: string) => {
  const type = files[name]
  if (type === undefined) return c.notFound()
  return c.body(readFileSync(new URL(`browser/${name}`, import.meta.url), 'utf8'), 200, { 'content-type': type })
}

const takeImage = async (c: Context, { platform }: Sources): Promise<Response> => {
  const type = c.req.header('content-type') ?? ''
  if (!/^image\/(?:png|jpeg|gif|webp)$/.test(type)) throw new Refused(400, 'an image is PNG, JPEG, GIF or WebP')
  const bytes = Buffer.from(await c.req.arrayBuffer())
  if (bytes.length > maxImageBytes) throw new Refused(400, 'an image has at most 10 MB')
  const { channel = '', user = '', group } = c.req.query()
  return c.json(await platform.acts.sendImage({ channel, user, group }, { type, bytes }))
}

const showImage = (c: Context, { platform }: Sources, id: string) => {
  const content = platform.contents.find(id)
  if (!content) return c.notFound()
  return c.body(new Uint8Array(content.bytes), 200, { 'content-type': content.type })
}

/** A comment now and then keeps the connection, and tells a dead one. */
const beatMs = 15_000

const stream = (c: Context, desk: NewsDesk, streams: Set<() => void>) =>
  streamSSE(c, async (sse) => {
    const ended = Promise.withResolvers<void>()
    const end = ended.resolve
    const stop = desk.subscribe((news) => void sse.writeSSE({ data: JSON.stringify(news) }))
    const beat = setInterval(() => void sse.write(': \n\n'), beatMs).unref()
    streams.add(end)
    sse.onAbort(end)
    await ended.promise
    clearInterval(beat)
    streams.delete(end)
    stop()
  })

/** The chat page on the LINE stand-in. `objects` and `happenings` are what else there is to see. */
export const makePage = (sources: Sources): Page => {
  const { platform } = sources
  for (const displayName of cast) platform.people.add({ userId: userIdFor(displayName), displayName })
  const desk = makeNewsDesk(sources)
  const streams = new Set<() => void>()
  const app = new Hono()
  app.use(guard)
  app.get('/', (c) => c.html(shell))
  app.get('/events', (c) => stream(c, desk, streams))
  app.post('/do', async (c) => c.json(await perform(platform, await c.req.json().catch(() => undefined))))
  app.post('/image', (c) => takeImage(c, sources))
  app.get('/conversation', (c) => {
    const { channel = '', chat = '' } = c.req.query()
    const yaml = conversationOf({ channel, chat }, platform, sources.objects)
    return c.body(yaml, 200, { 'content-type': 'application/yaml; charset=utf-8' })
  })
  app.get('/content/:id', (c) => showImage(c, sources, c.req.param('id')))
  app.get('/:file', (c) => serveFile(c, c.req.param('file')))
  app.notFound((c) => c.json({ message: `the page has no ${c.req.path}` }, 404))
  app.onError((error, c) => {
    if (error instanceof Refused) return c.json({ message: error.message }, error.status)
    throw error
  })
  return {
    app,
    close: () => {
      desk.close()
      for (const end of streams) end()
    },
  }
}
