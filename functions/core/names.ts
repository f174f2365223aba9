/** Every name that more than one part must spell the same way. */

export const group = 'linebot.dev'
export const version = 'v1alpha1'
export const apiVersion = `${group}/${version}`

/** The namespace that holds the controllers, the front door and both Brokers. */
export const systemNamespace = 'linebot-system'

export const label = {
  /** On a Namespace: `"true"` opts it in; `"system"` is our own. */
  bots: 'linebot.dev/bots',
  /** On everything that serves one Bot: its name. */
  bot: 'linebot.dev/bot',
  /** On a ConfigMap of compiled rules: the EventBinding's name. */
  binding: 'linebot.dev/binding',
  /** On a ConfigMap of compiled rules: their hash. */
  rules: 'linebot.dev/rules',
  /** On a Secret with a channel's credentials: `"true"`, so that its change rings. */
  credentials: 'linebot.dev/credentials',
} as const

export const annotation = {
  /** On an object we apply: hash of all the fields we want, so that a field we no longer want is noticed. */
  applied: 'linebot.dev/applied',
  /** On a controller's template: hash of what the installation was given, so that another is another Revision. */
  config: 'linebot.dev/config',
  /** On a Revision's template: comma-separated hashes of the rules it mounts. */
  rules: 'linebot.dev/rules',
  /** On a Revision's template: hash of the mounted Secret's content. */
  credentials: 'linebot.dev/credentials-hash',
  /** On a Revision's template: when the one before failed, of which it is another try. */
  triedAfter: 'linebot.dev/tried-after',
} as const

/** Where a bot's pod finds what is mounted. */
export const mountPath = {
  rules: '/etc/linebot/rules',
  channel: '/etc/linebot/channel',
} as const

/** On the button of a late answer, where the Bot says nothing else. */
export const lateLabel = 'Get the answer'

/** Keys of the Secret that `Bot.spec.channel.secretName` names. */
export const secretKey = {
  channelSecret: 'channelSecret',
  channelSecretPrevious: 'channelSecretPrevious',
  channelId: 'channelId',
  channelAccessToken: 'channelAccessToken',
} as const
