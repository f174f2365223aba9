import { readyOf } from '../../../core/condition.ts'
import { systemNamespace } from '../../../core/names.ts'
import { isObject } from '../../../core/shape.ts'
import type { Finding } from '../finding.ts'
import { again, findings } from '../finding.ts'
import { isGrant } from '../grant.ts'
import { type Facts, isAbsent, isLocal, isSame, mayRead, type Part, pluralOf, wiredPlurals } from '../see.ts'

const { good, bad, unknown } = findings('Parts')

/** Whether all that the manifest wires together is there and Ready, and nothing of another release. */
export function parts(facts: Facts): Finding[] {
  const { shipped, parts: live } = facts
  if (!mayRead(facts, ...wiredPlurals) || isAbsent(facts)) return []
  // Local mode plays the rest.
  const wanted = isLocal(facts) ? shipped.filter(({ kind }) => kind === 'Service') : shipped
  const isShipped = (one: Part) => shipped.some(isSame(one))
  const wrong = [
    ...wanted.flatMap((one) => judge(one, live.find(isSame(one)))),
    ...absentIn(facts),
    ...live.filter((one) => !isShipped(one)).map((one) => leftover(one, shipped)),
    ...differing(live.filter(isShipped)),
  ]
  return wrong.length > 0 ? wrong : [good(`${wanted.length} parts in ${systemNamespace} are Ready`)]
}

/** Settings and addresses, which are never Ready. */
function absentIn(facts: Facts): Finding[] {
  if (isLocal(facts)) return []
  const absent = facts.installed.filter(({ wanted, live }) => !live && !isGrant(wanted))
  return absent
    .filter(({ wanted }) => mayRead(facts, pluralOf(wanted)))
    .map(({ wanted }) => bad(`${titleOf(wanted)} is not there`, again))
}

const names = { Service: 'ksvc' } as Readonly<Record<string, string>> // kubectl’s own short ones.
const titleOf = ({ kind, metadata }: Part) => `${kind} ${metadata.name}`
const inKubectl = ({ kind, metadata }: Part) =>
  `${names[kind] ?? kind.toLowerCase()} -n ${systemNamespace} ${metadata.name}`

function judge(wanted: Part, live: Part | undefined): Finding[] {
  if (!live) return [bad(`${titleOf(wanted)} is not there`, again)]
  const told = readyOf(live.status?.conditions)
  if (told?.status === 'True') return []
  const why = told?.message ? `: ${told.message}` : ''
  return [bad(`${titleOf(wanted)} is not Ready${why}`, `kubectl describe ${inKubectl(wanted)}`)]
}

/** An old Trigger of ours delivers everything a second time. What calls nothing of ours may be somebody's dead letter sink. */
function leftover(one: Part, shipped: readonly Part[]): Finding {
  const remove = `kubectl delete ${inKubectl(one)}`
  const called = subscriberOf(one)
  const isOurs = shipped.some(({ kind, metadata }) => kind === 'Service' && metadata.name === called)
  if (isOurs) return bad(`${titleOf(one)} is of another release than this command`, remove)
  return unknown(
    `${titleOf(one)} is not of this release: yours, or left over from another`,
    `${remove}, if it is not yours`,
  )
}

function subscriberOf({ kind, spec }: Part): unknown {
  const subscriber = kind === 'Trigger' && isObject(spec) ? spec.subscriber : undefined
  const ref = isObject(subscriber) ? subscriber.ref : undefined
  return isObject(ref) ? ref.name : undefined
}

function differing(live: readonly Part[]): Finding[] {
  const images = live.filter(({ kind }) => kind === 'Service').map(imageOf)
  const [one, another] = new Set(images.filter((image) => image !== undefined))
  return another === undefined ? [] : [bad(`the functions run different images: ${one} and ${another}`, again)]
}

function imageOf({ spec }: Part): unknown {
  const template = isObject(spec) ? spec.template : undefined
  const pod = isObject(template) ? template.spec : undefined
  const containers: unknown = isObject(pod) ? pod.containers : undefined
  const [first] = Array.isArray(containers) ? containers : []
  return isObject(first) ? first.image : undefined
}
