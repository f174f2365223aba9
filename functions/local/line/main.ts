/**
 * A stand-in for LINE's platform: api.line.me, and the hand that writes to bots.
 *
 *   node functions/local/line/main.ts --channel 1000000001:secret:hunter --http-webhooks
 *
 *   --port N               where to listen (7072; 0 = any free one)
 *   --host ADDRESS         127.0.0.1; 0.0.0.0 where pods of a cluster are to reach it
 *   --channel ID:SECRET[:NAME]   a channel; repeatable
 *   --channels FILE.json   a list of channels: [{id, secret, name?, destination?, accessToken?}]
 *   --gateway URL          send webhooks here, with their URL's own host in the Host header
 *   --http-webhooks        take http: webhook URLs too
 *   --with-parent          end when stdin closes
 *
 * Prints {"listening":"http://…"} when it listens. State is in memory.
 */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import type { ChannelConfig } from './channels.ts'
import { channelConfig } from './simulator.ts'
import { startLine } from './start.ts'

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '7072' },
    host: { type: 'string', default: '127.0.0.1' },
    channel: { type: 'string', multiple: true, default: [] },
    channels: { type: 'string' },
    gateway: { type: 'string' },
    'http-webhooks': { type: 'boolean', default: false },
    'with-parent': { type: 'boolean', default: false },
  },
})

const channelFrom = (text: string): ChannelConfig => {
  const [id, secret, ...name] = text.split(':')
  return channelConfig.parse({ id, secret, ...(name.length > 0 ? { name: name.join(':') } : {}) })
}

const channelsIn = (file: string): readonly ChannelConfig[] =>
  z.array(channelConfig).parse(JSON.parse(readFileSync(file, 'utf8')))

const line = await startLine({
  port: Number(values.port),
  host: values.host,
  channels: [...values.channel.map(channelFrom), ...(values.channels === undefined ? [] : channelsIn(values.channels))],
  gateway: values.gateway,
  httpWebhooks: values['http-webhooks'],
})

const end = (): void => process.exit(0)
process.once('SIGTERM', end)
process.once('SIGINT', end)
if (values['with-parent']) process.stdin.on('end', end).on('error', end).resume()

process.stdout.write(`${JSON.stringify({ listening: line.url })}\n`)
