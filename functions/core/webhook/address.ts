/** The Bot that a webhook is for. */
export interface Address {
  readonly namespace: string
  readonly bot: string
}

/** Where LINE calls: at a front door, and at a bot itself. LINE has it of every Bot, so that it stays. */
export const pathFor = ({ namespace, bot }: Address) => `/webhook/${namespace}/${bot}`

/** `root`: where that answers, with or without a path of its own. */
export const urlAt = (root: string, address: Address) => `${root.replace(/\/$/, '')}${pathFor(address)}`

/** Whose path it is; undefined for another path, or names that no Bot can have. */
export function addressIn(path: string): Address | undefined {
  const [, , namespace = '', bot = ''] = path.split('/')
  return path === pathFor({ namespace, bot }) && isAddress(namespace, bot) ? { namespace, bot } : undefined
}

/** Whether a Bot of this name can be: a namespace is an RFC 1123 label; a Bot's name as the CRD has it. */
export const isAddress = (namespace: string, bot: string) =>
  /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(namespace) && /^[a-z]([-a-z0-9]{0,38}[a-z0-9])?$/.test(bot)
