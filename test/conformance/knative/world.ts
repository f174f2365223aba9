import type { Receiver } from './receiver.ts'

/** An object of any kind, as loosely as a contract needs it. */
export interface Thing {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: {
    readonly name: string
    readonly namespace?: string
    readonly uid?: string
    readonly generation?: number
    readonly labels?: Readonly<Record<string, string>>
    readonly annotations?: Readonly<Record<string, string>>
    readonly ownerReferences?: readonly { readonly kind: string; readonly name: string }[]
  }
  // What is in them differs from kind to kind; a contract says what it expects of them.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly spec?: any
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly status?: any
  readonly data?: Readonly<Record<string, string>>
}

/** Where a contract is tried: on a real cluster, or on the stand-ins. */
export interface World {
  readonly real: boolean
  /** Its own, with the label `conf=NAMESPACE`. */
  readonly namespace: string
  /** What the stand-ins make of a second. */
  readonly pace: number
  receiver(): Promise<Receiver>
  apply(thing: Thing): Promise<Thing>
  get(kind: string, name: string): Promise<Thing | undefined>
  list(kind: string): Promise<readonly Thing[]>
  remove(kind: string, name: string): Promise<void>
  /** Applies Brokers, Triggers, sources; resolves when they do their work. */
  wire(...things: readonly Thing[]): Promise<void>
  /** Where this machine sends events to a Broker. */
  broker(name: string): Promise<string>
  /** Makes a PingSource ring, or waits until it does. */
  ping(name: string): Promise<void>
  /** Where this machine reaches a Service, and under which name. */
  reach(service: Thing): { readonly url: string; readonly host: string }
  /** Processes (pods) of a Service that are not about to end. */
  running(service: string): Promise<number>
  close(): Promise<void>
}

/** KUBECONFIG alone is not enough: nobody should try things on a cluster by accident. */
const onCluster = process.env.LINEBOT_CONFORMANCE === 'cluster'

export const startWorld = async (name: string): Promise<World> =>
  onCluster ? (await import('./cluster.ts')).startWorld(name) : (await import('./stand-in.ts')).startWorld(name)

/** A cluster needs its time: pods start, sources are made. */
export const patience = onCluster ? 180_000 : 10_000
