import { memberAt, valueAt } from '../events.ts'
import type { Incoming } from '../incoming.ts'
import type { Requirement } from '../rule.ts'

/** As Kubernetes' selectors have it: NotIn holds where there is no value too. */
export function meets(incoming: Incoming, { key, operator, values = [] }: Requirement): boolean {
  switch (operator) {
    case 'Exists':
      return memberAt(incoming, key) !== undefined
    case 'DoesNotExist':
      return memberAt(incoming, key) === undefined
    case 'In':
      return isOneOf(valueAt(incoming, key), values)
    case 'NotIn':
      return !isOneOf(valueAt(incoming, key), values)
  }
}

const isOneOf = (value: string | undefined, values: readonly string[]) => value !== undefined && values.includes(value)
