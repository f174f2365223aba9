import { Bot, Broker, CoreService, KnativeService } from '../kinds.ts'
import type { Problem } from '../problem.ts'
import type { EventRule } from '../resources/event.ts'
import type { Forward, Message } from '../rule.ts'
import { hint } from '../schema/nearest.ts'

type Written = NonNullable<EventRule['forward']>
type Reference = NonNullable<Written['to']['ref']>

/** What is known of the Event's namespace. */
export interface Surroundings {
  readonly namespace: string
  /** The URL of a Broker there: of all that can be asked only its name does not say it. */
  readonly brokerUrl: (name: string) => string | undefined
}

/** Where a Broker of Knative's own classes is found when nobody can ask it, as in a check of files. */
export const usualBrokerUrl = (namespace: string, name: string) =>
  `http://broker-ingress.knative-eventing.svc.cluster.local/${namespace}/${name}`

/** What can be asked for an answer. */
const kinds = [KnativeService, CoreService, Broker, Bot]

type Found<T> = { readonly found: T } | { readonly problem: Problem }

/** The rule's forward, or what is wrong with it. Its messages are another matter. */
export function forwardFor(written: Written, path: string, around: Surroundings): Found<Forward> {
  const { to, timeoutSeconds, late, failed } = written
  const target = to.ref ? targetOf(to.ref, to.uri, `${path}.to`, around) : urlIn(to.uri ?? '', `${path}.to.uri`)
  if ('problem' in target) return target
  return {
    found: {
      to: { url: target.found, ...(to.ref && isOf(to.ref, Bot) && { bot: true as const }) },
      timeoutSeconds,
      // As with replies: used only when judgeMessages found nothing.
      ...(late && { late: late as readonly Message[] }),
      ...(failed && { failed: failed as readonly Message[] }),
    },
  }
}

function urlIn(uri: string, path: string): Found<string> {
  const url = URL.parse(uri)
  if (url && (url.protocol === 'http:' || url.protocol === 'https:')) return { found: url.href }
  return { problem: { path, message: `${uri} is no http or https URL` } }
}

function targetOf(ref: Reference, uri: string | undefined, path: string, around: Surroundings): Found<string> {
  const address = addressOf(ref, `${path}.ref`, around)
  if ('problem' in address || uri === undefined) return address
  if (isOf(ref, Bot) || isOf(ref, Broker)) {
    return { problem: { path: `${path}.uri`, message: `a ${ref.kind} has no paths: leave uri out` } }
  }
  const [base, url] = [new URL(address.found), URL.parse(uri, address.found)]
  if (url?.origin === base.origin) return { found: url.href }
  return { problem: { path: `${path}.uri`, message: `${uri} is no path: beside ref it is added to its URL` } }
}

function addressOf(ref: Reference, path: string, { namespace, brokerUrl }: Surroundings): Found<string> {
  const { name } = ref
  if (!kinds.some((kind) => isOf(ref, kind))) return { problem: kindProblem(ref, path) }
  // A Broker's name is not part of a host's.
  const form = isOf(ref, Broker) ? /^[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?$/ : /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/
  if (!form.test(name)) return { problem: { path: `${path}.name`, message: `${name}: no ${ref.kind} has such a name` } }
  if (!isOf(ref, Broker)) return { found: `http://${name}.${namespace}.svc.cluster.local/` }
  const url = brokerUrl(name)
  if (url !== undefined) return { found: url }
  const todo = `create it, or see \`kubectl describe broker ${name}\``
  return { problem: { path, message: `Broker ${name} is not there, or has no address yet: ${todo}` } }
}

const isOf = (ref: Reference, { apiVersion, kind }: (typeof kinds)[number]) =>
  ref.apiVersion === apiVersion && ref.kind === kind

function kindProblem({ apiVersion, kind }: Reference, path: string): Problem {
  const sameKind = kinds.filter((one) => one.kind === kind)
  if (sameKind.length > 0) {
    const versions = sameKind.map((one) => one.apiVersion).join(' or ')
    return { path: `${path}.apiVersion`, message: `${apiVersion} ${kind} cannot be asked; write ${versions}` }
  }
  const names = [...new Set(kinds.map((one) => one.kind))]
  return { path: `${path}.kind`, message: `${kind} cannot be asked${hint(kind, names)}` }
}
