import { existsSync, readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { type Command, done, type Ended, misused, refused } from './command.ts'
import {
  type Ask,
  channelOf,
  Failed,
  groupFor,
  type Message,
  platformAt,
  shown,
  tell,
  userFor,
  type Wanted,
} from './platform.ts'

export const command: Command = {
  usage: 'say BOT TEXT [--as USER] [--group GROUP] [--namespace NS] [--wait SECONDS] [--json]',
  summary:
    'Writes to a bot of local mode as a LINE user would, and prints what it answers. Users and groups that are new are made.',
  async run(args) {
    const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options })
    const [bot, text] = positionals
    const seconds = Number(values.wait)
    if (!bot || !text || positionals.length !== 2 || !(seconds > 0 && seconds <= 600)) return misused(command.usage)
    const { as: user, group, namespace, json } = values
    return say({ bot, text, user, group, namespace, seconds, json }, platformAt(addressOf(process.env)))
  },
}

const options = {
  as: { type: 'string', default: 'You' },
  group: { type: 'string' },
  namespace: { type: 'string', short: 'n' },
  wait: { type: 'string', default: '10' },
  json: { type: 'boolean', default: false },
} as const

const fallback = 'http://127.0.0.1:7072'

/** Where local mode's LINE platform listens: as told, or as `npm start` has left it in the working directory. */
function addressOf({ LINEBOT_LOCAL: told }: NodeJS.ProcessEnv): string {
  if (told) return told
  return existsSync('.local/line') ? readFileSync('.local/line', 'utf8').trim() : fallback
}

interface Saying extends Wanted {
  readonly text: string
  /** ID or name. */
  readonly user: string
  /** ID or name. */
  readonly group?: string | undefined
  readonly seconds: number
  readonly json: boolean
}

async function say(saying: Saying, ask: Ask): Promise<Ended> {
  const { text, seconds, json } = saying
  try {
    const channel = await channelOf(ask, saying, seconds)
    const user = await userFor(ask, saying.user)
    const group = saying.group === undefined ? undefined : await groupFor(ask, channel, saying.group, user)
    const sent = { channel: channel.id, user, text, ...(group === undefined ? {} : { group }) }
    const messages = shown(await tell(ask, '/say', sent, seconds), seconds)
    return typeof messages === 'string' ? refused(messages) : done(messages.map(json ? oneLine : inWords).join('\n'))
  } catch (error) {
    if (error instanceof Failed) return refused(error.message)
    throw error
  }
}

const oneLine = (given: Message): string => JSON.stringify(given)

const word = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '')

/** A message as a line of text; only text itself may have more lines. */
function inWords(given: Message): string {
  if (given.type === 'text' || given.type === 'textV2') return word(given['text'])
  if (given.type === 'sticker') return `[sticker ${word(given['packageId'])}/${word(given['stickerId'])}]`
  if (given.type === 'location') return `[location ${word(given['title'])}, ${word(given['address'])}]`
  const rest = word(given['altText'] ?? given['originalContentUrl'])
  return `[${given.type}${rest ? ` ${rest}` : ''}]`
}
