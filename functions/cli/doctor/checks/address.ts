import type { Finding } from '../finding.ts'
import { findings } from '../finding.ts'
import type { Reached } from '../reach.ts'
import { type BotSeen, type Facts, frontDoorOf, isFrontDoor, mayRead } from '../see.ts'

const { good, bad, unknown } = findings('Address')

const domain = `kubectl patch configmap config-domain -n knative-serving --type merge -p '{"data":{"YOUR.DOMAIN":""}}'`
const tlsPage = 'https://knative.dev/docs/serving/encryption/external-domain-tls/'

/** Whether LINE can reach the front door, and the Bots that have an address of their own: name, scheme, TLS. */
export function address(facts: Facts): Finding[] {
  const { parts, publicUrl, reached, lineApi } = facts
  const door = publicUrl ?? frontDoorOf(parts)
  const nowhere =
    door || !parts.some(isFrontDoor) || !mayRead(facts, 'services')
      ? []
      : [bad('the front door has no URL yet', 'kubectl describe ksvc -n linebot-system front-door')]
  // A stand-in for LINE calls http too.
  const plain = lineApi.startsWith('http:')
  const tested = new Set(facts.bots.flatMap(testedOrigin))
  return [
    ...nowhere,
    ...[...reached].map(([origin, one]) => {
      const said = judge(origin, one, plain)
      if (said.status !== 'Bad' || !tested.has(origin)) return said
      return unknown(`seen from here, ${said.message}; LINE’s test got through to it all the same`)
    }),
  ]
}

/** Where LINE itself just got through to: what it sees counts, as where a name is another one's inside and outside. */
const testedOrigin = ({ bot: { status }, channel }: BotSeen): string[] =>
  channel?.test?.success && status?.url ? [new URL(status.url).origin] : []

function judge(origin: string, { address: at, tls }: Reached, plain: boolean): Finding {
  const { hostname, protocol } = new URL(origin)
  if (/(^|\.)example\.(com|org|net)$/.test(hostname)) {
    return bad(`${hostname} is Knative's default name, which leads nowhere`, domain)
  }
  if (/\.(svc|local)$/.test(hostname)) return bad(`${hostname} is a name inside the cluster, LINE is outside`, domain)
  if (at === undefined) {
    return bad(`nobody knows the name ${hostname}`, `add a DNS record for ${hostname} with your ingress's address`)
  }
  if (protocol === 'http:' && !plain) return bad(`${origin} is http, and LINE calls https only`, `turn on ${tlsPage}`)
  if (tls !== undefined) return bad(`no TLS with ${hostname}: ${tls}`, `see its certificate: kubectl get kcert -A`)
  return good(`${origin} leads to ${at}${protocol === 'https:' ? ', with TLS' : ''}`)
}
