import { accessSync, constants, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answers, condition, makeObjects, object, openStage } from './stage.ts'

const canRun = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

const names = ['chromium', 'chromium-browser', 'google-chrome']
const onPath = (process.env['PATH'] ?? '').split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)))
const executablePath = process.env['CHROMIUM'] ?? onPath.find(canRun)

const quiet = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking']
const args = [
  ...quiet,
  '--disable-component-update',
  '--disable-sync',
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
]

/** A machine that is busy with other tests draws slowly. */
const patience = { timeout: 20_000 }

const text = (words: string) => ({ type: 'text', text: words })
const choice = (label: string) => ({ type: 'action', action: { type: 'message', label, text: label } })
const nowhere = 'https://picture.invalid/a.png'
const buttons = [
  { type: 'postback', label: 'Buy', data: 'buy=1', displayText: '買います' },
  { type: 'datetimepicker', label: 'Day', data: 'day', mode: 'date', initial: '2026-11-21' },
  { type: 'uri', label: 'Read', uri: 'https://example.com/' },
]
const column = { title: 'Sword', text: 'Sharp', actions: [{ type: 'message', label: 'Take', text: 'take' }] }
const inTemplate = (template: object) => ({ type: 'template', altText: 'alt', template })

const stack = (...contents: object[]) => ({ type: 'box', layout: 'vertical', contents })
const bow = {
  type: 'bubble',
  hero: { type: 'image', url: nowhere, size: 'full', action: { type: 'message', label: 'Hero', text: '櫻火龍' } },
  body: stack(
    { type: 'text', text: 'Bow', weight: 'bold', size: 'xl', color: '#112233' },
    {
      type: 'text',
      contents: [
        { type: 'span', text: 'two ' },
        { type: 'span', text: 'spans', decoration: 'underline' },
      ],
    },
    { ...stack({ type: 'text', text: 'NEW' }), position: 'absolute', offsetTop: '8px', offsetEnd: '8px' },
  ),
  footer: stack({ type: 'button', style: 'primary', action: { type: 'postback', label: 'Get', data: 'get=1' } }),
}
const half = (x: number) => ({ x, y: 0, width: 520, height: 400 })
const imagemap = {
  type: 'imagemap',
  baseUrl: 'https://picture.invalid/map',
  altText: 'A map',
  baseSize: { width: 1040, height: 400 },
  actions: [
    { type: 'message', label: 'West', text: '櫻火龍', area: half(0) },
    { type: 'uri', label: 'East', linkUri: 'https://example.com/', area: half(520) },
  ],
}

const replies: Readonly<Record<string, readonly object[]>> = {
  火龍: [{ ...text('火龍\n[斬] 頭 > 翼'), quickReply: { items: [choice('櫻火龍')] } }],
  櫻火龍: [text('弱點 龍')],
  buttons: [
    inTemplate({ type: 'buttons', title: 'Shop', text: 'What?', actions: buttons, thumbnailImageUrl: nowhere }),
  ],
  all: [
    { type: 'sticker', packageId: '446', stickerId: '1988' },
    { type: 'image', originalContentUrl: nowhere, previewImageUrl: nowhere },
    { type: 'location', title: 'Camp', address: 'Forest 1', latitude: 35, longitude: 139 },
    inTemplate({ type: 'carousel', columns: [column, column] }),
    { type: 'flex', altText: 'A flexible thing', contents: bow },
  ],
  more: [
    inTemplate({ type: 'confirm', text: 'Sure?', actions: [buttons[0], buttons[2]] }),
    inTemplate({ type: 'image_carousel', columns: [{ imageUrl: nowhere, action: column.actions[0] }] }),
    { type: 'textV2', text: 'Hi {who} {{ok}}', substitution: { who: { type: 'mention', mentionee: { type: 'all' } } } },
    imagemap,
  ],
  media: [
    { type: 'video', originalContentUrl: nowhere, previewImageUrl: nowhere },
    { type: 'audio', originalContentUrl: nowhere, duration: 61_000 },
    { type: 'coupon', couponId: '01JYNW8J', deliveryTag: 'winter' },
    { type: 'flex', altText: 'Bows', contents: { type: 'carousel', contents: [bow, bow, bow, bow] } },
  ],
  markup: [text('<img src=x onerror=alert(1)><b>bold</b>')],
}

/** One pixel. */
const dot = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

const answers: Answers = ({ type, message, postback }) => {
  if (type === 'follow') return [text('Welcome!')]
  if (type === 'join') return [text('Hello, all')]
  if (postback) return [text(`got ${JSON.stringify(postback)}`)]
  return message?.text === undefined ? [text('a thing')] : replies[message.text]
}

const field = (page: Page) => page.getByRole('textbox', { name: 'Message' })
const log = (page: Page) => page.getByRole('log')
const chat = (page: Page, name: string) =>
  page.getByRole('list', { name: 'Chats' }).getByRole('button', { name }).click()

const write = async (page: Page, words: string) => {
  await field(page).fill(words)
  await field(page).press('Enter')
}

/** Opens the menu of a button and takes an entry. */
const take = async (page: Page, button: string, entry: string) => {
  await page.getByRole('button', { name: button, exact: true }).click()
  await page.getByRole('menuitem', { name: entry }).click()
}

describe.skipIf(executablePath === undefined)(
  'the chat page (in the Chromium of PATH or CHROMIUM; skipped where there is none)',
  patience,
  () => {
    let browser: Browser
    const open: { close(): Promise<unknown> }[] = []

    /** A page on a stage, and what went wrong in its console. */
    const start = async (objects: ReturnType<typeof makeObjects>) => {
      const stage = await openStage(answers, objects.objects, { rules: { 火龍: 'rathalos/0' } })
      const page = await browser.newPage({ viewport: { width: 1400, height: 900 }, reducedMotion: 'reduce' })
      open.unshift(page, stage)
      const wrong: string[] = []
      page.on('pageerror', ({ message }) => wrong.push(message))
      page.on('console', (said) => {
        if (said.type() === 'error' && !said.text().includes('ERR_NAME')) wrong.push(said.text())
      })
      await page.goto(stage.url)
      await page.getByText('live', { exact: true }).waitFor()
      return { stage, page, wrong }
    }

    const event = (name: string, keyword: string, bindings: string[]) => ({
      ...object('Event', name, { rules: [{ keywords: [keyword] }] }),
      status: { bindings },
    })

    // One page for most of it: each test talks to the bot in a chat of its own.
    let shared: Awaited<ReturnType<typeof start>>

    beforeAll(async () => {
      browser = await chromium.launch({ ...(executablePath === undefined ? {} : { executablePath }), args })
      const bot = object('Bot', 'hello', { channel: { secretName: 'hello' } })
      const binding = { ...object('EventBinding', 'hello', {}), status: { bots: ['hello'] } }
      const objects = makeObjects(bot, binding, event('order', '拿鐵', ['shop']))
      shared = await start(objects)
      objects.set(event('rathalos', '火龍', ['hello']))
    }, 60_000)
    afterAll(async () => {
      for (const one of open) await one.close()
      await browser?.close()
    })

    it('shows an answer with its line breaks, its quick reply, and what happened behind', async () => {
      const { page, stage } = shared
      stage.setPods(0)
      await page.getByText('asleep, wakes when you write').waitFor()
      const offered = log(page).getByRole('button')
      await offered.filter({ hasText: '火龍' }).waitFor()
      expect(await offered.allInnerTexts()).toEqual(['火龍'])
      await offered.click()
      const bubble = log(page).getByText('[斬] 頭 > 翼')
      await bubble.waitFor()
      expect(await bubble.innerText()).toBe('火龍\n[斬] 頭 > 翼')
      const trace = page.getByRole('article').first()
      for (const words of ['acknowledged, 200', 'from zero', '0 → 1', 'its keyword is “火龍”', '1 message'])
        await trace.getByText(words, { exact: true }).waitFor()
      await trace.getByText('Webhook', { exact: true }).click()
      await trace.getByText('"x-line-signature"').waitFor()
      const quick = page.getByRole('group', { name: 'Quick replies' })
      await quick.getByRole('button', { name: '櫻火龍' }).click()
      await log(page).getByText('弱點 龍').waitFor()
      expect(await quick.count()).toBe(0)
      stage.setPods(0)
      await page.getByText('hello sleeps').waitFor()
    })

    it('saves the chat as a test', async () => {
      const { page } = shared
      const downloading = page.waitForEvent('download')
      await page.getByRole('button', { name: 'Save this chat as a test' }).click()
      const download = await downloading
      expect(download.suggestedFilename()).toBe('hello-conversation.yaml')
      const saved = readFileSync(await download.path(), 'utf8')
      expect(saved).toContain('say: 火龍')
      expect(saved).toContain('[斬] 頭 > 翼')
    })

    it('is the same after a reload', async () => {
      const { page } = shared
      await page.reload()
      await log(page).getByText('弱點 龍').waitFor()
      await page.getByText('asleep, wakes when you write').waitFor()
      await page.getByRole('article').getByText('its keyword is “火龍”', { exact: true }).waitFor()
      expect(await page.getByRole('article').count()).toBe(2)
    })

    it('is used by keyboard alone', async () => {
      const { page } = shared
      const press = async (...keys: string[]) => {
        for (const key of keys) await page.keyboard.press(key)
      }
      const focused = () =>
        page.evaluate('document.activeElement.getAttribute("aria-label") ?? document.activeElement.textContent')
      await press('Tab', 'Enter')
      expect(await focused()).toBe('Message')
      await page.keyboard.insertText('by keyboard')
      await press('Enter')
      await log(page).getByText('by keyboard').waitFor()
      await press('Shift+Tab', 'Enter')
      await page.getByRole('menuitem').first().waitFor()
      await press('ArrowDown', 'Escape')
      await expect.poll(focused).toBe('More')
      await page.getByRole('tab', { name: 'Live' }).focus()
      await press('ArrowRight')
      expect(await focused()).toMatch('Resources')
      await page.getByRole('tabpanel', { name: 'Resources' }).waitFor()
      await press('ArrowLeft')
      await page.getByRole('tabpanel', { name: 'Live' }).waitFor()
    })

    it('lets a template’s buttons work: postback, date, link', async () => {
      const { page } = shared
      await chat(page, '美咲')
      await write(page, 'buttons')
      await log(page).getByRole('button', { name: 'Buy' }).click()
      await log(page).getByText('買います').waitFor()
      await log(page).getByText('got {"data":"buy=1"}').waitFor()
      await log(page).getByRole('button', { name: 'Day' }).click()
      await page.getByLabel('Date').fill('2026-12-24')
      await page.getByRole('button', { name: 'Choose' }).click()
      await log(page).getByText('got {"data":"day","params":{"date":"2026-12-24"}}').waitFor()
      const link = log(page).getByRole('link', { name: 'Read' })
      expect([await link.getAttribute('target'), await link.getAttribute('rel')]).toEqual([
        '_blank',
        'noopener noreferrer',
      ])
    })

    it('shows every kind of message, at every width, with nothing to scroll sideways', async () => {
      const { page } = shared
      await chat(page, 'Ken')
      await write(page, 'all')
      await log(page).getByRole('img', { name: 'Sticker 446/1988' }).waitFor()
      await log(page).getByText('picture not loaded').first().waitFor()
      for (const words of ['Camp', 'Bow', 'two spans', 'NEW']) await log(page).getByText(words).waitFor()
      expect(await log(page).getByRole('button', { name: 'Take' }).count()).toBe(2)
      await write(page, 'more')
      for (const words of ['Sure?', 'Hi @All {ok}']) await log(page).getByText(words).waitFor()
      for (const width of [360, 768, 1400]) {
        await page.setViewportSize({ width, height: 740 })
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width)
        expect(await page.evaluate('document.getElementById("log").scrollWidth - log.clientWidth')).toBe(0)
      }
    })

    it('lets the parts of Flex messages and imagemaps work', async () => {
      const { page } = shared
      await page.getByRole('button', { name: 'New person' }).click()
      await page.getByLabel('Name').fill('Hana')
      await page.getByRole('dialog').getByRole('button', { name: 'Add' }).click()
      await write(page, 'all')
      await log(page).getByRole('button', { name: 'Get' }).click()
      await log(page).getByText('got {"data":"get=1"}').waitFor()
      await log(page).getByRole('button', { name: 'Hero' }).click()
      await log(page).getByText('弱點 龍').waitFor()
      await write(page, 'more')
      await log(page).getByRole('link', { name: 'East' }).waitFor()
      await log(page).getByRole('button', { name: 'West' }).press('Enter')
      await expect.poll(() => log(page).getByText('弱點 龍').count()).toBe(2)
      const [map, west] = await Promise.all(
        [log(page).locator('.imagemap'), log(page).getByRole('button', { name: 'West' })].map((one) =>
          one.boundingBox(),
        ),
      )
      expect(west?.width).toBeCloseTo((map?.width ?? 0) / 2, 0)
    })

    it('plays videos and audio where they stand, and slides carousels', async () => {
      const { page } = shared
      await write(page, 'media')
      await log(page).getByText('01JYNW8J').waitFor()
      expect(await log(page).getByLabel('Video').count()).toBe(1)
      expect(await log(page).getByLabel('Audio').count()).toBe(1)
      const rail = log(page).getByRole('group', { name: 'Carousel' }).last()
      expect(await rail.getByRole('button', { name: 'Get' }).count()).toBe(4)
      expect(await page.evaluate('document.getElementById("log").scrollWidth - log.clientWidth')).toBe(0)
    })

    it('shows one view at a time on a phone', async () => {
      const { page } = shared
      await page.setViewportSize({ width: 360, height: 740 })
      await page.getByRole('button', { name: 'Live' }).click()
      await page.getByRole('article').first().waitFor()
      expect(await log(page).isVisible()).toBe(false)
      await page.getByRole('button', { name: 'Chat', exact: true }).click()
      await log(page).waitFor()
      await page.setViewportSize({ width: 1400, height: 900 })
    })

    it('shows markup as it was written', async () => {
      const { page } = shared
      await write(page, 'markup')
      await log(page).getByText('<img src=x onerror=alert(1)><b>bold</b>').waitFor()
      expect(await log(page).locator('.bubble img, .bubble b').count()).toBe(0)
    })

    it('says in the chat why there is no answer', async () => {
      const { page, stage } = shared
      await write(page, 'nobody knows this')
      await log(page).getByText('no rule wants it').waitFor()
      const { platform } = stage.line
      const [channel] = platform.channels.list()
      const { endpoint } = channel ?? {}
      Object.assign(channel ?? {}, { endpoint: `${endpoint}?status=503` })
      await write(page, '火龍')
      await log(page).getByText('the webhook failed with status 503').waitFor()
      Object.assign(channel ?? {}, { endpoint })
      expect(await page.getByRole('article').first().getAttribute('data-state')).toBe('bad')
    })

    it('does not send while an input method composes', async () => {
      const { page, stage } = shared
      const before = stage.bot.received.length
      await field(page).fill('火')
      await field(page).dispatchEvent('keydown', { key: 'Enter', isComposing: true })
      await field(page).press('Shift+Enter')
      expect(await field(page).inputValue()).toBe('火\n')
      expect(stage.bot.received).toHaveLength(before)
    })

    it('follows and unfollows, sends stickers, pictures, places and postbacks', async () => {
      const { page } = shared
      await chat(page, 'ฝน')
      await take(page, 'Friend and group', 'Unfollow')
      await page.getByPlaceholder('Blocked: follow again to write').waitFor()
      await take(page, 'Friend and group', 'Follow again')
      await log(page).getByText('Welcome!').waitFor()
      await take(page, 'Stickers', 'Sticker 446/1988')
      await log(page).getByRole('img', { name: 'Sticker 446/1988' }).waitFor()
      await take(page, 'More', 'Send a location')
      await page.getByRole('dialog').getByRole('button', { name: 'Send' }).click()
      await log(page).getByText('台北101').waitFor()
      await take(page, 'More', 'Send a postback')
      await page.getByRole('dialog').getByRole('button', { name: 'Send' }).click()
      await log(page).getByText('got {"data":"action=buy&item=1"}').waitFor()
      const buffer = Buffer.from(dot, 'base64')
      await page.getByLabel('Picture', { exact: true }).setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer })
      const picture = log(page).getByRole('img', { name: 'Picture' })
      await expect.poll(() => picture.evaluate((image) => Object(image).naturalWidth)).toBe(1)
    })

    it('speaks as each member of a group', async () => {
      const { page } = shared
      await page.getByRole('button', { name: 'New group' }).click()
      await page.getByLabel('Name').fill('狩人')
      await page.getByRole('button', { name: 'Make it, with the bot' }).click()
      await log(page).getByText('Hello, all').waitFor()
      await field(page).fill('')
      await take(page, 'More', 'Mention the bot')
      expect(await field(page).inputValue()).toBe('@Hello ')
      expect(await field(page).getAttribute('placeholder')).toBe('Message, or @Hello …')
      await field(page).fill('')
      await page.getByLabel('Write as').selectOption({ label: 'Ken' })
      await write(page, '櫻火龍')
      await log(page).getByText('弱點 龍').waitFor()
      await page.getByLabel('Write as').selectOption({ label: 'You' })
      await log(page).getByText('Ken:', { exact: true }).waitFor()
      await take(page, 'Friend and group', 'Take the bot out')
      await log(page).getByText('The bot has left the group').waitFor()
      await page.getByPlaceholder('The bot is not in this group').waitFor()
      expect(await field(page).isDisabled()).toBe(true)
    })

    it('had nothing to complain about in its console, the policy included', () => {
      expect(shared.wrong).toEqual([])
    })

    it('shows each resource’s status as it changes, and what to do about it', async () => {
      const objects = makeObjects()
      const { page, wrong } = await start(objects)
      await page.getByRole('tab', { name: 'Resources' }).click()
      await page.getByText('apply -f config/samples/').waitFor()
      objects.set(object('Bot', 'hello', {}, condition('Ready', 'False', 'SecretMissing', 'create Secret hello')))
      const panel = page.getByRole('tabpanel', { name: 'Resources' })
      await panel.getByText('SecretMissing').first().click()
      await panel.getByText('create Secret hello').waitFor()
      await page.getByText('describe lbot hello').waitFor()
      objects.set(object('Bot', 'hello', {}, condition('Ready', 'True', 'Answering', 'all is well')))
      await panel.getByText('all is well').waitFor()
      await expect.poll(() => page.getByText('describe lbot hello').count()).toBe(0)
      await panel.getByRole('switch', { name: 'Use webhook' }).click()
      await page.getByText('“Use webhook” is off at LINE').waitFor()
      await write(page, '火龍')
      await page.getByRole('alert').getByText('does not use its webhook').waitFor()
      expect(wrong).toEqual([expect.stringContaining('409')])
    })
  },
)
