import { action, hosts } from './action.ts'
import { all, type Check, list, oneOf, shaped } from './check.ts'
import { units } from './string.ts'
import { httpsUrl } from './uri.ts'

const item = shaped({
  name: 'a quick reply item',
  required: { type: oneOf('action'), action: action(hosts.quickReply) },
  optional: { imageUrl: httpsUrl },
})

const noLine: Check = (name, path, problems) => {
  if (isLines(name)) problems.push({ path, message: 'must not hold the word LINE' })
}

/** Whether it is a name that LINE keeps for itself. */
export const isLines = (name: unknown): boolean => typeof name === 'string' && name.includes('LINE')

/** Members that every message may have. */
export const common: Readonly<Record<string, Check>> = {
  quickReply: shaped({
    name: 'a quick reply',
    required: { items: list({ min: 1, max: 13, what: 'items' }, item) },
  }),
  sender: shaped({ name: 'a sender', optional: { name: all(units(20), noLine), iconUrl: httpsUrl } }),
}
