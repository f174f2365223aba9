import type { Account } from './access.ts'
import type { Condition } from './condition.ts'
import { noticesFor } from './notice.ts'
import { type Kind, type Obj, refTo } from './object.ts'
import { type Step, same } from './plan.ts'

interface Status {
  readonly conditions?: readonly Condition[] | undefined
}

export interface Teller {
  readonly by: Account
  /** Its field manager of server-side apply. */
  readonly manager: string
  readonly now: Date
}

/** Tells the object's status, with Notices of what it means; nothing where it says so already. */
export function statusStep(
  kind: Kind,
  of: Obj & { readonly status?: Status | undefined },
  status: Status,
  { by, manager, now }: Teller,
): Step[] {
  if (same(of.status, status)) return []
  const { name, namespace, uid } = of.metadata
  // The uid makes the write fail when another object of this name has taken its place.
  const metadata = { name, ...(namespace && { namespace }), ...(uid && { uid }) }
  const object = { apiVersion: kind.apiVersion, kind: kind.kind, metadata, status }
  const notices = noticesFor(of, { before: of.status?.conditions, after: status.conditions ?? [], by, now })
  return [{ do: 'status', kind, object, manager, serves: refTo(kind, of), notices }]
}
