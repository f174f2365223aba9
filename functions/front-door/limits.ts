/** All in milliseconds or bytes, as their names say. */
export const limits = {
  /** LINE documents no size; 1 MiB is far above its 100 events of 5,000 characters. */
  maxBodyBytes: 1024 * 1024,
  /** From a request's first byte to its body's last one. LINE itself gives up after 2 s. */
  bodyMs: 10_000,
  /** Bodies that are not verified yet, together. LINE's are there for milliseconds, or until their Bot has been read. */
  lobbyBytes: 16 * 1024 * 1024,
  /** Bodies held and being delivered, together. */
  roomBytes: 64 * 1024 * 1024,
  /** What a request costs besides its body: sockets, headers, timers. It bounds their number: 2,048 in the lobby. */
  requestBytes: 8 * 1024,
  /** From arrival to LINE's 200 when the Broker is slower. LINE waits 2 s, its network included. */
  ackMs: 1_000,
  /** From arrival to the end of all trying: a reply token lives 60 s, and the bot needs some of them. */
  expiresMs: 50_000,
  firstBackoffMs: 100,
  maxBackoffMs: 2_000,
  /** One call of a bot, its start from zero included; the Trigger's own `timeout` is the same. */
  deliverMs: 30_000,
  /** A call to an address that is gone must not use up the whole time there is. */
  connectMs: 2_000,
  /** The longest that a webhook waits for the API server; what is read later still counts for the next one. */
  lookupMs: 1_500,
  /** What a peer has for saying that it keeps a copy; then the next one is asked, still before `ackMs`. */
  copyMs: 800,
  /** What no peer keeps is offered again after this. */
  copyAgainMs: 1_000,
  /** The other front doors are looked up again after this. */
  peersMs: 2_000,
  /** A known Bot older than this at its use is read again in the background. */
  refreshMs: 10_000,
  /** One older than this is read again first: a Bot that was suspended long ago must not answer once more. */
  staleMs: 60_000,
  /**
   * A known Bot that may not be read for as long is not served any more. An API server that is starting refuses
   * everybody for some seconds, and who writes RoleBindings anew is done within a minute or two: neither must cost a
   * webhook. That a namespace has taken its leave must be true soon.
   */
  refusedMs: 300_000,
  /** A Bot is read again after a bad signature at most this often. */
  againMs: 5_000,
  /** An unknown name is not asked for again sooner, and only so many are remembered. */
  unknownMs: 5_000,
  maxUnknown: 1_000,
  /** A scan of unknown names must not become as many connections to the API server. */
  maxReads: 32,
} as const satisfies Record<string, number>

export type Limits = { readonly [Name in keyof typeof limits]: number }
