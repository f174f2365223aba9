import type { HttpBindings } from '@hono/node-server'
import type { Hono } from 'hono'
import { makeApi } from './api.ts'
import type { ChannelConfig } from './channels.ts'
import { isOwn } from './origin.ts'
import { makeSimulator } from './simulator.ts'
import { makeState, type PlatformOptions, type State } from './state.ts'

export type { PlatformOptions } from './state.ts'

export interface Platform extends Pick<State, 'channels' | 'people' | 'groups' | 'contents' | 'happenings' | 'acts'> {
  readonly app: Hono<{ Bindings: Partial<HttpBindings> }>
  /** Makes a channel, or gives the one with the id its new secret, as a console does; all else of it stays. */
  setChannel(config: ChannelConfig): void
  /** Cuts the webhooks that are under way. */
  close(): void
}

/** LINE's platform in memory: `/v2/…` and `/oauth2/…` as LINE has them, `/_simulator/…` to act as its users. */
export const makePlatform = (options: PlatformOptions): Platform => {
  const state = makeState(options)
  const app = makeApi(state)
  app.use('/_simulator/*', (c, next) =>
    isOwn(c.req.header('host'), c.req.header('origin'))
      ? next()
      : Promise.resolve(c.json({ message: 'not for pages of other origins' }, 403)),
  )
  app.route('/_simulator', makeSimulator(state))
  const close = (): void => {
    state.delivery.close()
    state.sender.close()
  }
  const setChannel = (config: ChannelConfig): void => {
    const channel = state.channels.byId(config.id) ?? state.channels.add(config)
    channel.secret = config.secret
    state.happenings.tell({ kind: 'channel', channel: channel.id })
  }
  const { channels, people, groups, contents, happenings, acts } = state
  return { app, channels, people, groups, contents, happenings, acts, setChannel, close }
}
