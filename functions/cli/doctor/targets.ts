import { eventsOf } from '../../core/bound.ts'
import { distinctBy } from '../../core/distinct.ts'
import { Bot, CoreService, KnativeService } from '../../core/kinds.ts'
import type { Kind } from '../../core/object.ts'
import type { EventBinding } from '../../core/resources/binding.ts'
import type { EventResource } from '../../core/resources/event.ts'

/** Whom rules forward to, as they name it. A Broker that is not there is the rules' own problem. */
export interface ForwardTarget {
  /** The first rule that does, as `EVENT/INDEX`. */
  readonly rule: string
  readonly kind: 'Service' | 'Bot'
  readonly name: string
  /** What answers there: a Bot is a Service of Knative's. */
  readonly path: string
  /** Whether that says of itself when it is Ready; Kubernetes' own Service does not. */
  readonly knative: boolean
}

/** Whom the rules of the bindings forward to in their namespace, each once. */
export function targetsOf(
  namespace: string,
  bindings: readonly EventBinding[],
  events: readonly EventResource[],
): ForwardTarget[] {
  const bound = bindings.flatMap((binding) => eventsOf(binding, { events }))
  const targets = bound.flatMap(({ metadata, spec }) =>
    spec.rules.flatMap(({ forward }, index) => targetOf(`${metadata.name}/${index}`, forward?.to.ref, namespace)),
  )
  return distinctBy(targets, ({ kind, path }) => `${kind} ${path}`)
}

type Reference = NonNullable<EventResource['spec']['rules'][number]['forward']>['to']['ref']

function targetOf(rule: string, ref: Reference, namespace: string): ForwardTarget[] {
  const is = (kind: Kind) => ref?.apiVersion === kind.apiVersion && ref.kind === kind.kind
  if (!ref || !(is(Bot) || is(KnativeService) || is(CoreService))) return []
  const knative = !is(CoreService)
  const api = knative ? `/apis/${KnativeService.apiVersion}` : `/api/${CoreService.apiVersion}`
  const path = `${api}/namespaces/${namespace}/services/${ref.name}`
  return [{ rule, kind: is(Bot) ? 'Bot' : 'Service', name: ref.name, path, knative }]
}
