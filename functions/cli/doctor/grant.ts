import type { Obj } from '../../core/object.ts'

/** What says who may do what. */
interface Grant extends Obj {
  readonly rules?: unknown
  readonly roleRef?: unknown
  readonly subjects?: unknown
}

export const isGrant = ({ apiVersion, kind }: Obj): boolean =>
  kind === 'ServiceAccount' || apiVersion.startsWith('rbac.authorization.k8s.io/')

/** The part that counts; labels and whatever else somebody adds do not. */
export const grantOf = ({ rules, roleRef, subjects }: Grant) => ({ rules, roleRef, subjects })
