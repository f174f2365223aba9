import type { Document } from 'yaml'
import { annotation } from '../core/names.ts'
import { hashOf } from '../core/plan.ts'
import type { Edit } from './release.ts'

/** Something that an installation may want otherwise: an option of `npm run release`. */
export interface Switch {
  /** Of the value, for help: `URL`. */
  readonly takes: string
  readonly does: string
  /** Matches every value that is allowed. */
  readonly allowed: RegExp
  readonly edits: (value: string) => readonly Edit[]
}

const name = '[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?'

/** By option. What is not given stays as the files have it. */
export const switches = {
  'broker-class': {
    takes: 'CLASS',
    does: 'the class of both Brokers, as in Kafka; goes with --broker-config',
    allowed: /^[A-Za-z][A-Za-z0-9.-]{0,62}$/,
    edits: (value) => [at('Broker', ['metadata', 'annotations', 'eventing.knative.dev/broker.class'], value)],
  },
  'broker-config': {
    takes: 'NAMESPACE/NAME',
    does: 'the ConfigMap that the Brokers are configured by, as in knative-eventing/kafka-broker-config',
    allowed: new RegExp(`^${name}/${name}$`),
    edits: (value) => {
      const [namespace = '', configMap = ''] = value.split('/')
      return [at('Broker', ['spec', 'config'], { apiVersion: 'v1', kind: 'ConfigMap', namespace, name: configMap })]
    },
  },
  'front-doors': {
    takes: 'N',
    does: 'pods of the front door that are always there (1); from 2 on, a drain leaves one of them',
    allowed: /^[1-9]\d?$/,
    edits: (value) => [at('Service front-door', [...annotations, 'autoscaling.knative.dev/min-scale'], value)],
  },
  'line-api': {
    takes: 'URL',
    does: 'base URL of LINE’s Messaging API (https://api.line.me); http: only for a stand-in',
    allowed: /^https?:\/\/[^\s/]+$/,
    edits: (value) => [at('ConfigMap linebot', ['data', 'LINEBOT_LINE_API'], value)],
  },
  'public-url': {
    takes: 'URL',
    does: 'where LINE reaches the front door, when the name and TLS are made outside of Knative',
    allowed: /^https?:\/\/[^\s?#]+$/,
    edits: (value) => [at('ConfigMap linebot', ['data', 'LINEBOT_PUBLIC_URL'], value)],
  },
  'pull-secret': {
    takes: 'NAME',
    does: 'the Secret that the image is pulled with, in linebot-system and in every namespace with bots',
    allowed: new RegExp(`^${name}$`),
    edits: (value) => [
      at('ConfigMap linebot', ['data', 'LINEBOT_PULL_SECRET'], value),
      at('Service', ['spec', 'template', 'spec', 'imagePullSecrets'], [{ name: value }]),
    ],
  },
  sweep: {
    takes: 'CRON',
    does: 'when everything is compared with what it should be (17 * * * *)',
    allowed: /^\S+( \S+){4}$/,
    edits: (value) => [at('PingSource sweep', ['spec', 'schedule'], value)],
  },
} as const satisfies Record<string, Switch>

export type SwitchName = keyof typeof switches
export type Switched = Readonly<Partial<Record<SwitchName, string>>>

export const switchNames = Object.keys(switches) as SwitchName[] // its keys are its keys

/** They read the ConfigMap when they start, so another one must be another Revision. */
const controllers = ['Service bot-controller', 'Service event-controller'] as const

const annotations = ['spec', 'template', 'metadata', 'annotations']

/** Says what is wrong with the values, one line each. */
export function problemsOf(switched: Switched): string[] {
  const wrong = switchNames.flatMap((option) => {
    const { [option]: value } = switched
    const { takes, allowed, does } = switches[option]
    return value === undefined || allowed.test(value) ? [] : [`--${option} ${takes}: ${value} is none; it is ${does}`]
  })
  const halves = (switched['broker-class'] === undefined) !== (switched['broker-config'] === undefined)
  return halves ? [...wrong, 'give --broker-class and --broker-config together'] : wrong
}

export const editsFor = (switched: Switched): Edit[] => [
  ...switchNames.flatMap((option) => {
    const { [option]: value } = switched
    return value === undefined ? [] : switches[option].edits(value)
  }),
  ...controllers.map((controller) => at(controller, [...annotations, annotation.config], hashOf(switched))),
]

/** Puts a value into every document that is `KIND` or `KIND NAME`. */
function at(what: string, path: readonly string[], value: unknown): Edit {
  const change = (document: Document) => {
    if (!isThe(document, what)) return false
    document.setIn(path, document.createNode(value))
    return true
  }
  return { kind: what.split(' ')[0] ?? '', change }
}

/** Kubernetes' own Services are none of Knative's. */
function isThe(document: Document, what: string): boolean {
  const [kind, called] = what.split(' ')
  const plain = kind === 'Service' && !String(document.get('apiVersion')).startsWith('serving.knative.dev/')
  return document.get('kind') === kind && !plain && (!called || document.getIn(['metadata', 'name']) === called)
}
