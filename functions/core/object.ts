/** The part of every Kubernetes object that we rely on. Values are as the API server sends them. */
export interface Meta {
  readonly name: string
  readonly namespace?: string
  readonly uid?: string
  readonly resourceVersion?: string
  readonly generation?: number
  readonly creationTimestamp?: string
  readonly deletionTimestamp?: string
  readonly labels?: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
  readonly ownerReferences?: readonly OwnerReference[]
}

export interface OwnerReference {
  readonly apiVersion: string
  readonly kind: string
  readonly name: string
  readonly uid: string
  readonly controller?: boolean
  readonly blockOwnerDeletion?: boolean
}

export interface Obj {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: Meta
}

/** A kind of object and where it lives in the API. All our kinds are namespaced unless `clusterScoped` says otherwise. */
export interface Kind {
  readonly apiVersion: string
  readonly kind: string
  readonly plural: string
  readonly clusterScoped?: true
}

/** One object by name. */
export interface Ref extends Kind {
  readonly namespace?: string
  readonly name: string
}

/** An object of one of our kinds as the API server gives it: checked against the CRD, defaults filled in. */
export type Stored<T> = T & Obj

export const refTo = (kind: Kind, { metadata: { namespace, name } }: Obj): Ref => ({
  ...kind,
  name,
  ...(namespace !== undefined && { namespace }),
})
