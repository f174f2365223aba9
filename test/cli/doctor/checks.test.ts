import { expect, it } from 'vitest'
import type { Finding } from '../../../functions/cli/doctor/finding.ts'
import type { Facts } from '../../../functions/cli/doctor/see.ts'
import { checks } from '../../../functions/cli/doctor.ts'
import { tenantBindings } from '../../../functions/core/access.ts'
import { aBinding, aBot, aSecret } from '../../objects.ts'
import { aBotSeen, aPart, binding, condition, door, installedWith, wellWith } from './facts.ts'

const found = (over: Partial<Facts>): Finding[] => checks.flatMap((check) => check(wellWith(over)))
const url = 'https://bots.example.test/webhook/demo/hello'

it('finds nothing in a cluster where all is well', () => {
  expect(found({}).filter(({ status }) => status !== 'Good')).toEqual([])
})

const reached = (origin: string, one: object) => ({ reached: new Map([[origin, one]]) })
const namespace = (over: object) => ({
  namespaces: new Map([['demo', { name: 'demo', label: 'true', bindings: [], ...over }]]),
})
const bot = (over: Parameters<typeof aBotSeen>[0]) => ({ bots: [aBotSeen(over)] })
const channel = (over: object) => bot({ channel: { ...aBotSeen().channel, ...over } })
const podWith = (image: string) => ({ template: { spec: { containers: [{ image }] } } })
const conditions = (...some: ReturnType<typeof condition>[]) => ({
  bot: aBot('hello', { status: { url, conditions: some } }),
})

it.each<[string, Partial<Facts>, RegExp, RegExp]>([
  ['an old Kubernetes', { version: 'v1.29.1' }, /v1\.29\.1; 1\.30 or newer/, /upgrade/],
  ['no Serving', { groups: ['eventing.knative.dev'] }, /no Knative Serving/, /knative\.dev\/docs\/install/],
  [
    'https addresses in the cluster',
    { knative: { serving: '1.23.0', eventing: '1.23.0', localTls: 'enabled' } },
    /no webhook comes to a bot/,
    /config-network .*"cluster-local-domain-tls":"Disabled"/,
  ],
  [
    'Brokers that take https alone',
    { knative: { serving: '1.23.0', eventing: '1.23.0', transport: 'Strict' } },
    /no front door starts/,
    /config-features .*"transport-encryption":"Disabled"/,
  ],
  ['no Eventing', { groups: ['serving.knative.dev'] }, /no Knative Eventing/, /knative\.dev\/docs\/install/],
  ['no kinds', { definitions: new Map() }, /knows no bots\.linebot\.dev/, /kubectl apply -f linebot\.yaml/],
  [
    'kinds of another release',
    { definitions: new Map([...wellWith().definitions, ['events.linebot.dev', { type: 'object' }]]) },
    /events\.linebot\.dev is of another release/,
    /kubectl apply -f linebot\.yaml/,
  ],
  ['a part that is gone', { parts: [door] }, /Trigger deliver-1 is not there/, /kubectl apply -f linebot\.yaml/],
  [
    'a part that is not Ready',
    {
      parts: [
        door,
        aPart('Trigger', 'deliver-1', {
          status: { conditions: [{ type: 'Ready', status: 'False', message: 'no such Broker' }] },
        }),
      ],
    },
    /Trigger deliver-1 is not Ready: no such Broker/,
    /kubectl describe trigger -n linebot-system deliver-1/,
  ],
  [
    'a Trigger of another release',
    {
      parts: [
        ...wellWith().parts,
        aPart('Trigger', 'deliver-0', { spec: { subscriber: { ref: { kind: 'Service', name: 'front-door' } } } }),
      ],
    },
    /Trigger deliver-0 is of another release/,
    /kubectl delete trigger -n linebot-system deliver-0/,
  ],
  [
    'an upgrade that stopped halfway',
    {
      shipped: [aPart('Service', 'a'), aPart('Service', 'b')],
      parts: ['a', 'b'].map((name) =>
        aPart('Service', name, { spec: { template: { spec: { containers: [{ image: `linebot:${name}` }] } } } }),
      ),
    },
    /different images: linebot:a and linebot:b/,
    /kubectl apply -f linebot\.yaml/,
  ],
  [
    'a function that lacks its image',
    {
      parts: [
        aPart('Trigger', 'deliver-1'),
        aPart('Service', 'front-door', {
          status: { url: 'https://x.test', conditions: [{ type: 'Ready', status: 'False', message: 'ErrImagePull' }] },
        }),
      ],
    },
    /Service front-door is not Ready: ErrImagePull/,
    /kubectl describe ksvc -n linebot-system front-door/,
  ],
  [
    'a namespace that is not there',
    { namespaces: new Map([['demo', undefined]]) },
    /no namespace demo/,
    /create namespace/,
  ],
  ['a namespace that did not opt in', namespace({ label: undefined }), /has not opted in/, /npx linebot enable demo/],
  ['a namespace without RoleBindings', namespace({}), /lacks RoleBinding .*linebot-source/, /npx linebot enable demo/],
  ...(['roleRef', 'subjects'] as const).map((field): [string, Partial<Facts>, RegExp, RegExp] => [
    `a RoleBinding of another ${field}`,
    namespace({ bindings: tenantBindings('demo').map((one) => ({ ...one, [field]: [] })) }),
    /RoleBinding linebot-source gives another Role, or/,
    /kubectl delete rolebinding -n demo linebot-source && npx linebot enable demo/,
  ]),
  [
    'a ServiceAccount that is gone',
    { installed: installedWith({ ServiceAccount: undefined }) },
    /ServiceAccount source is not there/,
    /kubectl apply -f linebot\.yaml/,
  ],
  [
    'a Role that was changed',
    { installed: installedWith({ ClusterRole: { rules: [] } }) },
    /ClusterRole linebot-source is not as this release has it/,
    /kubectl apply -f linebot\.yaml/,
  ],
  [
    'a binding without its account',
    { installed: installedWith({ ClusterRoleBinding: { subjects: undefined } }) },
    /ClusterRoleBinding linebot-source-cluster is not as/,
    /kubectl apply -f linebot\.yaml/,
  ],
  [
    'a binding of another Role',
    { installed: installedWith({ ClusterRoleBinding: { roleRef: { ...binding.roleRef, name: 'view' } } }) },
    /ClusterRoleBinding linebot-source-cluster gives another Role/,
    /kubectl delete clusterrolebinding linebot-source-cluster && kubectl apply -f linebot\.yaml/,
  ],
  [
    'settings that are gone',
    { installed: installedWith({ ConfigMap: undefined }) },
    /ConfigMap linebot is not there/,
    /kubectl apply -f linebot\.yaml/,
  ],
  [
    'Knative’s default domain',
    reached('http://x.example.com', {}),
    /x\.example\.com is Knative's default/,
    /config-domain/,
  ],
  ['a name inside the cluster', reached('http://x.svc.cluster.local', {}), /inside the cluster/, /config-domain/],
  [
    'a name without DNS',
    reached('https://bots.test', {}),
    /nobody knows the name bots\.test/,
    /DNS record for bots\.test/,
  ],
  ['http', reached('http://bots.test', { address: '1.1.1.1' }), /LINE calls https only/, /external-domain-tls/],
  [
    'a bad certificate',
    reached('https://bots.test', { address: '1.1.1.1', tls: 'self-signed certificate' }),
    /no TLS with bots\.test: self-signed/,
    /kubectl get kcert/,
  ],
  ['no URL', { parts: [aPart('Trigger', 'deliver-1'), aPart('Service', 'front-door')] }, /no URL yet/, /describe ksvc/],
  [
    'no such Bot',
    { bots: [], target: { namespace: 'demo', bot: 'hi' } },
    /no Bot hi in namespace demo/,
    /get lbot -n demo/,
  ],
  [
    'a Bot that no controller saw',
    bot({ bot: aBot('hello') }),
    /demo\/hello: no controller has looked at it/,
    /kubectl describe lbot -n demo hello/,
  ],
  [
    'a Bot without rules',
    bot(conditions(condition('RulesReady', 'False', 'NoRules', 'no rule is in force'))),
    /demo\/hello: NoRules: no rule is in force/,
    /kubectl describe lbot -n demo hello/,
  ],
  [
    'no Secret',
    bot({ secret: undefined }),
    /no Secret hello-channel/,
    /kubectl create secret generic hello-channel -n demo/,
  ],
  [
    'a Secret without an ID',
    bot({ secret: aSecret({ channelSecret: 's' }) }),
    /has no channelId/,
    /kubectl patch secret/,
  ],
  [
    'a Secret without a secret',
    bot({ secret: aSecret({ channelId: '1' }) }),
    /has no channelSecret/,
    /kubectl patch secret/,
  ],
  [
    'refused credentials',
    bot({ channel: { failed: { at: 'credentials', how: 'refused', message: 'invalid client' } } }),
    /LINE refuses the credentials: invalid client/,
    /developers\.line\.biz\/console/,
  ],
  [
    'another webhook',
    channel({ endpoint: { endpoint: 'https://old.test', active: true } }),
    /LINE has https:\/\/old\.test, not https:\/\/bots/,
    /"asked":""/,
  ],
  ['no webhook', channel({ endpoint: undefined }), /LINE has no webhook URL, not/, /"asked":""/],
  [
    '“Use webhook” off',
    channel({ endpoint: { endpoint: url, active: false } }),
    /“Use webhook” is off/,
    /channel\/1\/messaging-api/,
  ],
  [
    'a webhook that another Bot has',
    bot({
      ...conditions(condition('WebhookReady', 'False', 'ChannelTaken', 'LINE has the webhook of Bot a/b')),
      channel: {
        info: { userId: 'U1' },
        endpoint: { endpoint: 'https://bots.example.test/webhook/a/b', active: true },
      },
    }),
    /webhook of Bot a\/b/,
    /kubectl delete lbot -n demo hello/,
  ],
  [
    'a failed test',
    channel({ test: { success: false, reason: 'COULD_NOT_CONNECT' } }),
    /COULD_NOT_CONNECT/,
    /curl -i https/,
  ],
  [
    'another signature',
    channel({ test: { success: false, statusCode: 401 } }),
    /another channel secret/,
    /copy the channel secret/,
  ],
  ['no quota left', channel({ quota: 200, consumption: 200 }), /200 of 200 pushed/, /raise the plan/],
])('finds %s, and says what mends it', (_what, over, message, todo) => {
  const bad = found(over).filter(({ status }) => status === 'Bad')
  expect(bad).toContainEqual(
    expect.objectContaining({ message: expect.stringMatching(message), todo: expect.stringMatching(todo) }),
  )
})

const forbidden = (plural: string) => ({
  path: plural === 'apis' ? '/apis' : `/api/v1/${plural}`,
  forbidden: true,
  message: `${plural} is forbidden`,
})

it.each<[string, Partial<Facts>, RegExp]>([
  ['what the user may not read', { refused: [forbidden('secrets')] }, /not looked at: secrets is forbidden/],
  [
    'a Knative that does not say its version',
    { knative: { serving: 'devel', eventing: '1.23.0' } },
    /Serving does not say/,
  ],
  [
    'a Kubernetes that nobody tried',
    { version: 'v1.33.9' },
    /v1\.33\.9; linebot is untried on what is older than 1\.34/,
  ],
  [
    'a Knative that nobody tried',
    { knative: { serving: '1.23.0', eventing: '1.22.2' } },
    /Eventing 1\.22\.2; linebot is untried on what is older than 1\.23/,
  ],
  [
    'a Service that is being made',
    bot(conditions(condition('ServiceReady', 'Unknown', 'Deploying', 'a Revision'))),
    /Deploying/,
  ],
  [
    'LINE that does not answer',
    bot({ channel: { failed: { at: 'credentials', how: 'unavailable', message: 'no' } } }),
    /could not be asked: no/,
  ],
  [
    'LINE that tells nothing of the webhook',
    channel({ failed: { at: 'webhook', how: 'refused', message: 'no' } }),
    /LINE refuses to tell: no/,
  ],
  ['LINE that tells nothing of the quota', channel({ untold: 'no' }), /LINE does not tell what may be pushed.*: no/],
  ['a quota that nears its end', channel({ quota: 200, consumption: 190 }), /190 of 200 .* nearly all/],
  ['a cluster without Bots', { bots: [] }, /there is no Bot/],
  [
    'a part of somebody’s own, as a dead letter sink',
    { parts: [...wellWith().parts, aPart('Service', 'dead-letters', { spec: podWith('other:1') })] },
    /Service dead-letters is not of this release: yours, or/,
  ],
  [
    'a Trigger of somebody’s own',
    { parts: [...wellWith().parts, aPart('Trigger', 'tap', { spec: { subscriber: { uri: 'http://tap.test' } } })] },
    /Trigger tap is not of this release: yours, or/,
  ],
  ['a cluster without tenants', { namespaces: new Map() }, /no namespace has opted in/],
  ['an unlabelled Secret', bot({ secret: { ...aSecret(), metadata: { name: 'hello-channel' } } }), /within the hour/],
])('says %s, and calls it no fault', (_what, over, message) => {
  const all = found(over)
  expect(all.filter(({ status }) => status === 'Bad')).toEqual([])
  expect(all.filter(({ status }) => status === 'Unknown').map((one) => one.message)).toContainEqual(
    expect.stringMatching(message),
  )
})

it('says once of each Event that rules of it are left out, and how to see them', () => {
  const problem = { path: 'spec.rules[0].reply[0].text', message: 'too long' }
  const rejected = [
    { event: 'bad', ...problem },
    { event: 'bad', path: 'spec.rules[1]', message: 'too' },
    { event: 'worse', ...problem },
  ]
  const bindings = [
    aBinding('hello', { status: { rejected } }),
    aBinding('shared', { status: { rejected: rejected.slice(2) } }),
  ]
  expect(found(bot({ bindings })).filter(({ status }) => status !== 'Good')).toEqual(
    [
      ['bad', ' (and 1 more)'],
      ['worse', ''],
    ].map(([event, more]) => ({
      check: 'Bots',
      status: 'Unknown',
      message: `demo/hello: Event ${event} has rules that are left out: spec.rules[0].reply[0].text: too long${more}`,
      todo: `kubectl describe lbe -n demo ${event}`,
    })),
  )
})

const target = (over: object = {}) => ({
  rule: 'ask/0',
  kind: 'Service' as const,
  name: 'adapter',
  path: '/adapter',
  knative: true,
  live: undefined,
  ...over,
})
const live = (status: object) => aPart('Service', 'adapter', { status })
const ready = (status: string) => live({ conditions: [{ type: 'Ready', status, message: 'no image' }] })

it.each<[object, string, string]>([
  [{}, 'Service adapter, which is not there', 'get ksvc -n demo'],
  [{ kind: 'Bot' }, 'Bot adapter, which is not there', 'get lbot -n demo'],
  [{ knative: false }, 'Service adapter, which is not there', 'get service -n demo'],
  [{ live: ready('False') }, 'Service adapter, which is not Ready: no image', 'describe ksvc -n demo adapter'],
  [{ live: ready('Unknown') }, 'Service adapter, which is not Ready: no image', 'describe ksvc -n demo adapter'],
  [{ live: live({}) }, 'Service adapter, which is not Ready', 'describe ksvc -n demo adapter'],
  [{ kind: 'Bot', live: live({}) }, 'Bot adapter, which is not Ready', 'describe lbot -n demo adapter'],
])('says that %j, whom a rule forwards to, cannot answer; the Bot has no fault', (over, what, todo) => {
  expect(found(bot({ targets: [target(over)] })).filter(({ status }) => status !== 'Good')).toEqual([
    {
      check: 'Targets',
      status: 'Unknown',
      message: `demo/hello: rule ask/0 forwards to ${what}`,
      todo: `kubectl ${todo}`,
    },
  ])
})

it.each<[string, Partial<Facts>]>([
  ['is Ready', bot({ targets: [target({ live: ready('True') })] })],
  ['has no conditions, as Kubernetes’ own Services', bot({ targets: [target({ knative: false, live: live({}) })] })],
  [
    'could not be looked at',
    { ...bot({ targets: [target()] }), refused: [{ path: '/adapter', forbidden: true, message: 'no' }] },
  ],
])('says nothing of a target that %s', (_what, over) => {
  expect(found(over).filter(({ check }) => check === 'Targets')).toEqual([])
})

it.each([
  ['has not opted in', namespace({ label: undefined, bindings: tenantBindings('demo') })],
  ['lacks RoleBindings', namespace({})],
])(
  'blames one thing alone where a namespace %s: its Bots, which nobody looked at, are no more to mend',
  (_what, over) => {
    const bots = ['hello', 'other'].map((name) => aBotSeen({ bot: aBot(name) }))
    const bad = found({ ...over, bots }).filter(({ status }) => status === 'Bad')
    expect(bad).toEqual([expect.objectContaining({ check: 'Namespaces' })])
  },
)

it.each<[string, object, RegExp]>([
  ['knows no such name', {}, /^seen from here, nobody knows the name bots\.example\.test; LINE’s test got through/],
  ['gets no TLS', { address: '10.0.0.1', tls: 'expired' }, /^seen from here, no TLS .*; LINE’s test got through/],
])('believes LINE, which got through, rather than this machine, which %s', (_what, one, message) => {
  const seen = reached('https://bots.example.test', one)
  expect(found(seen).filter(({ status }) => status !== 'Good')).toEqual([
    { check: 'Address', status: 'Unknown', message: expect.stringMatching(message) },
  ])
  const untested = { ...seen, ...channel({ test: { success: false, reason: 'COULD_NOT_CONNECT' } }) }
  expect(found(untested)).toContainEqual(expect.objectContaining({ check: 'Address', status: 'Bad' }))
})

const gone = wellWith().installed.map(({ wanted }) => ({ wanted, live: undefined }))

it.each<[string, Partial<Facts>]>([
  ['', {}],
  [', and somebody asks about a Bot', { target: { namespace: 'demo', bot: 'hello' } }],
])('says one thing, with one mend, where linebot is not installed%s', (_what, over) => {
  const definitions = new Map([...wellWith().definitions.keys()].map((name) => [name, undefined] as const))
  const bad = found({ definitions, parts: [], installed: gone, bots: [], reached: new Map(), ...over }).filter(
    ({ status }) => status === 'Bad',
  )
  expect(bad).toEqual([
    { check: 'Kinds', status: 'Bad', message: 'linebot is not installed', todo: 'kubectl apply -f linebot.yaml' },
  ])
})

it('asks for no URL of a front door that is not there', () => {
  const bad = found({ parts: [aPart('Trigger', 'deliver-1')] }).filter(({ status }) => status === 'Bad')
  expect(bad.map(({ message }) => message)).toEqual(['Service front-door is not there'])
})

it('lets a stand-in for LINE call http', () => {
  const plain = { ...reached('http://bots.test', { address: '127.0.0.1' }), lineApi: 'http://127.0.0.1:7072' }
  expect(found(plain).filter(({ check, status }) => check === 'Address' && status === 'Bad')).toEqual([])
})

it('judges nothing that the user may not read, and says what that is', () => {
  const plurals = [
    'apis',
    'customresourcedefinitions',
    'brokers',
    'services',
    'namespaces',
    'rolebindings',
    'bots',
    'secrets',
    'serviceaccounts',
    'clusterroles',
    'clusterrolebindings',
    'configmaps',
  ]
  const refused = plurals.map(forbidden)
  const nothing = {
    groups: [],
    definitions: new Map(),
    parts: [aPart('Service', 'front-door')],
    installed: gone,
    namespaces: new Map([['demo', undefined]]),
    bots: [aBotSeen({ secret: undefined })],
    reached: new Map(),
  }
  expect(found(nothing).filter(({ status }) => status === 'Bad').length).toBeGreaterThan(5)
  expect(found({ ...nothing, refused }).filter(({ status }) => status === 'Bad')).toEqual([])
  expect(found({ ...nothing, refused }).filter(({ message }) => message.startsWith('not looked at'))).toHaveLength(12)
})
