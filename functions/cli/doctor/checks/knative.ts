import type { Finding } from '../finding.ts'
import { findings } from '../finding.ts'
import { type Facts, isLocal, mayRead } from '../see.ts'

const { good, bad, unknown } = findings('Knative')
const page = 'https://knative.dev/docs/install/'

/** The minor of 1 that linebot was run on: its Go modules are 0.50, and 1.N is 0.(27 + N). */
const tried = 23

export function knative(facts: Facts): Finding[] {
  if (isLocal(facts)) return [good('played by `npm start`')]
  if (!mayRead(facts, 'apis')) return []
  return [
    part('Serving', 'serving.knative.dev', facts.knative.serving, facts),
    part('Eventing', 'eventing.knative.dev', facts.knative.eventing, facts),
    ...encryption(facts.knative),
  ]
}

/** Addresses in the cluster that begin with https would need the cluster's own CA, which linebot is not given. */
function encryption({ localTls = '', transport = '' }: Facts['knative']): Finding[] {
  const off = (namespace: string, name: string, key: string) =>
    `kubectl patch configmap ${name} -n ${namespace} --type merge -p '{"data":{"${key}":"Disabled"}}'`
  return [
    ...(localTls.toLowerCase() === 'enabled'
      ? [
          bad(
            'cluster-local-domain-tls gives bots https addresses in the cluster, and front doors call http alone: no webhook comes to a bot',
            off('knative-serving', 'config-network', 'cluster-local-domain-tls'),
          ),
        ]
      : []),
    ...(transport.toLowerCase() === 'strict'
      ? [
          bad(
            'transport-encryption Strict gives Brokers https addresses alone, with which no front door starts',
            off('knative-eventing', 'config-features', 'transport-encryption'),
          ),
        ]
      : []),
  ]
}

function part(name: string, group: string, version: string | undefined, { groups }: Facts): Finding {
  if (!groups.includes(group)) return bad(`no Knative ${name} in the cluster`, `install it: ${page}`)
  const [, minor] = /^v?1\.(\d+)/.exec(version ?? '') ?? []
  if (minor === undefined) return unknown(`Knative ${name} does not say its version (${version ?? 'no label'})`)
  if (Number(minor) >= tried) return good(`Knative ${name} ${version}`)
  return unknown(
    `Knative ${name} ${version}; linebot is untried on what is older than 1.${tried}`,
    `upgrade it: ${page}`,
  )
}
