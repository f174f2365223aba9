import { z } from 'zod'
import { KnativeService } from '../../core/kinds.ts'
import type { Objects } from '../apiserver/store.ts'

const reference = z.strictObject({
  apiVersion: z.string(),
  kind: z.enum(['Broker', 'Service']),
  name: z.string(),
  namespace: z.string().optional(),
})

/** As a Trigger's `subscriber` or a source's `sink` is written: an object, a URL, or a path at the object's URL. */
export const destination = z.strictObject({ ref: reference.optional(), uri: z.string().optional() })
export type Destination = z.infer<typeof destination>

/** Where a destination named in `namespace` is now; undefined = it has no address (yet). */
export type Resolve = (destination: Destination, namespace: string) => string | undefined

export const makeResolve =
  (objects: Objects, broker: () => string): Resolve =>
  ({ ref, uri }, from) => {
    if (!ref) return uri
    const { kind, name, namespace = from } = ref
    const base = kind === 'Broker' ? `${broker()}/${namespace}/${name}` : addressOf(objects, namespace, name)
    return base === undefined || uri === undefined ? base : new URL(uri, base).href
  }

const addressed = z.object({ status: z.object({ address: z.object({ url: z.string() }) }) })

function addressOf(objects: Objects, namespace: string, name: string): string | undefined {
  const { data } = addressed.safeParse(objects.get({ ...KnativeService, namespace, name }))
  return data?.status.address.url
}
