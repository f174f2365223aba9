/** The Bot that a request is for. */
export interface Address {
  readonly namespace: string
  readonly bot: string
}

/** `/webhook/NAMESPACE/BOT`; undefined for another path, or names that no Bot can have. */
export function addressIn(path: string): Address | undefined {
  const [empty, webhook, namespace = '', bot = '', ...more] = path.split('/')
  if (empty !== '' || webhook !== 'webhook' || more.length > 0) return undefined
  return isAddress(namespace, bot) ? { namespace, bot } : undefined
}

/** Whether a Bot of this name can be: a namespace is an RFC 1123 label; a Bot's name as the CRD has it. */
export const isAddress = (namespace: string, bot: string) =>
  /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(namespace) && /^[a-z]([-a-z0-9]{0,38}[a-z0-9])?$/.test(bot)
