import { expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { deployed } from '../../functions/build/bundle.ts'
import { byContent } from '../../functions/build/by-content.ts'
import { manifest, printed, shippedFiles, type Wishes } from '../../functions/build/manifest.ts'
import { isImage, release } from '../../functions/build/release.ts'
import { accounts } from '../../functions/core/access.ts'

const image = 'ghcr.io/you/linebot:1.0.0'

it.each([
  ['linebot', true],
  ['localhost:5000/linebot', true],
  ['ghcr.io/you/linebot:1.0.0', true],
  [`ghcr.io/you/linebot@sha256:${'0'.repeat(64)}`, true],
  ['', false],
  ['ghcr.io/You/linebot', false],
  ['ghcr.io/you/linebot:', false],
  ['ghcr.io/you/linebot: x', false],
  ['https://ghcr.io/you/linebot', false],
  ['linebot@sha256:abc', false],
])('knows whether %j can be an image', (text, can) => {
  expect(isImage(text)).toBe(can)
})

it('puts the image where the placeholder is, and leaves everything else as it was written', () => {
  const text = `# a word about linebot
spec:
  containers:
    - name: linebot
      image: linebot # ours
      env: [{ name: LINEBOT_IMAGE, value: linebot }, { name: LINEBOT_NAME, value: linebot }]
    - { image: "linebot" }
    - { image: other/linebot }
`
  expect(release([text], image)).toBe(`# a word about linebot
spec:
  containers:
    - name: linebot
      image: ghcr.io/you/linebot:1.0.0 # ours
      env: [{ name: LINEBOT_IMAGE, value: ghcr.io/you/linebot:1.0.0 }, { name: LINEBOT_NAME, value: linebot }]
    - { image: ghcr.io/you/linebot:1.0.0 }
    - { image: other/linebot }
`)
})

it('parts files by one line, whether or not they begin or end with their own', () => {
  expect(release(['---\na: 1\n\n', 'b: 2', 'c: 3\n---\nd: 4\n'], image)).toBe('a: 1\n---\nb: 2\n---\nc: 3\n---\nd: 4\n')
})

it('ships a namespace before what lives in it, definitions before rights, and no sample', () => {
  expect(shippedFiles()[0]).toBe('config/100-namespace.yaml')
  expect(shippedFiles().filter((path) => path.includes('sample'))).toEqual([])
  const documents = parseAllDocuments(manifest(image))
  expect(documents.flatMap(({ errors }) => errors)).toEqual([])
  expect(documents.every((document) => document.has('kind'))).toBe(true)
})

it('runs functions that the image holds, each under an account that its Role is made for', () => {
  const manifests = parseAllDocuments(manifest(image)).map((document) => document.toJS())
  const pods = manifests.filter(({ kind, apiVersion }) => kind === 'Service' && apiVersion === 'serving.knative.dev/v1')
  expect(pods.map(({ metadata }) => metadata.name).toSorted()).toEqual(deployed.filter((name) => name !== 'bot'))
  for (const { metadata, spec } of pods) {
    const { serviceAccountName, containers } = spec.template.spec
    expect(serviceAccountName).toBe(metadata.name)
    expect(accounts).toContain(serviceAccountName)
    expect(containers[0]).toMatchObject({ image, command: ['/nodejs/bin/node', `/app/${metadata.name}.cjs`] })
    expect(containers[0].resources.limits.memory, 'a leak ends with its process').toMatch(/Mi$|Gi$/)
  }
})

const documentsOf = (yaml: string) => parseAllDocuments(yaml).map((document) => document.toJS())
const trimmed = (text: string) => text.trim()

/** Definitions are long to parse, and no switch concerns them. */
const textsOf = (yaml: string, kind: string) => yaml.split('\n---\n').filter((text) => text.includes(`kind: ${kind}\n`))
const theOne = (yaml: string, kind: string, name: string) =>
  textsOf(yaml, kind)
    .flatMap(documentsOf)
    .find(({ apiVersion, metadata }) => metadata.name === name && !(kind === 'Service' && apiVersion === 'v1'))

it.each([
  [
    'a Broker’s class',
    { 'broker-class': 'Kafka', 'broker-config': 'knative-eventing/kafka-broker-config' },
    'Broker',
    'incoming',
    {
      metadata: { annotations: { 'eventing.knative.dev/broker.class': 'Kafka' } },
      spec: { config: { namespace: 'knative-eventing', name: 'kafka-broker-config' } },
    },
  ],
  [
    'the other Broker’s',
    { 'broker-class': 'Kafka', 'broker-config': 'a/b' },
    'Broker',
    'changes',
    { spec: { config: { kind: 'ConfigMap', namespace: 'a', name: 'b' } } },
  ],
  [
    'two front doors',
    { 'front-doors': '2' },
    'Service',
    'front-door',
    { spec: { template: { metadata: { annotations: { 'autoscaling.knative.dev/min-scale': '2' } } } } },
  ],
  [
    'LINE’s base URL',
    { 'line-api': 'http://10.0.0.1:1' },
    'ConfigMap',
    'linebot',
    { data: { LINEBOT_LINE_API: 'http://10.0.0.1:1' } },
  ],
  [
    'a public URL',
    { 'public-url': 'https://bots.example' },
    'ConfigMap',
    'linebot',
    { data: { LINEBOT_PUBLIC_URL: 'https://bots.example' } },
  ],
  [
    'a pull secret for functions',
    { 'pull-secret': 'reg' },
    'Service',
    'front-door',
    { spec: { template: { spec: { imagePullSecrets: [{ name: 'reg' }] } } } },
  ],
  [
    'a pull secret for bots',
    { 'pull-secret': 'reg' },
    'ConfigMap',
    'linebot',
    { data: { LINEBOT_PULL_SECRET: 'reg' } },
  ],
  ['another sweep', { sweep: '*/10 * * * *' }, 'PingSource', 'sweep', { spec: { schedule: '*/10 * * * *' } }],
  [
    'network policies',
    { 'network-policies': true },
    'NetworkPolicy',
    'functions',
    { metadata: { namespace: 'linebot-system' } },
  ],
] as const)('installs with %s, and leaves all else as it is', (_what, wishes, kind, name, expected) => {
  const yaml = manifest(image, wishes)
  expect(theOne(manifest(image), kind, name) ?? {}).not.toMatchObject(expected)
  expect(theOne(yaml, kind, name)).toMatchObject(expected)
  const touched = /^kind: (Broker|ConfigMap|Service|PingSource|PodDisruptionBudget|NetworkPolicy)$/m
  const others = (text: string) => text.split('\n---\n').filter((one) => !touched.test(one))
  expect(others(yaml).map(trimmed)).toEqual(others(manifest(image)).map(trimmed))
})

it('makes controllers anew that are given something else, for they read it when they start', () => {
  const templates = (wishes: Wishes) =>
    ['bot-controller', 'event-controller'].map((name) =>
      JSON.stringify(theOne(manifest(image, wishes), 'Service', name)?.spec.template),
    )
  expect(templates({})).toEqual(templates({}))
  for (const [i, template] of templates({ 'line-api': 'http://10.0.0.1:1' }).entries())
    expect(template).not.toBe(templates({})[i])
})

it('names the Trigger of webhooks after its content, so that it is never edited under traffic', () => {
  const trigger = (delivery: object) => ({
    apiVersion: 'eventing.knative.dev/v1',
    kind: 'Trigger',
    metadata: { name: 'deliver' },
    spec: { broker: 'incoming', delivery },
  })
  const named = (...triggers: object[]) =>
    documentsOf(release([triggers.map((one) => JSON.stringify(one)).join('\n---\n')], image, [byContent])).map(
      ({ metadata }) => metadata.name,
    )
  const [one, same, other, changes] = named(trigger({ retry: 3 }), trigger({ retry: 3 }), trigger({ retry: 4 }), {
    ...trigger({}),
    spec: { broker: 'changes' },
  })
  expect(one).toMatch(/^deliver-[0-9a-f]{10}$/)
  expect(same).toBe(one)
  expect(other).not.toBe(one)
  expect(changes).toBe('deliver')
})

it.each([
  [[], /IMAGE/],
  [['ghcr.io/You/linebot'], /is no image/],
  [[image, '--sweep', 'hourly'], /--sweep CRON: hourly is none/],
  [[image, '--front-doors', '0'], /--front-doors N: 0 is none/],
  [[image, '--broker-class', 'Kafka'], /--broker-class and --broker-config together/],
  [[image, '--brocker-class', 'Kafka'], /--brocker-class/],
  [[image, '--line-api', 'api.line.me'], /--line-api URL/],
])('does not understand %j, and says why', (args, said) => {
  expect(printed(args)).toEqual({ err: expect.stringMatching(said) })
})

it('prints nothing but YAML', () => {
  expect(printed([image, '--front-doors', '2'])).toEqual({ out: manifest(image, { 'front-doors': '2' }) })
})

it.each<[string, Wishes, number]>([
  ['one front door', {}, 0],
  ['one front door that is asked for', { 'front-doors': '1' }, 0],
  ['two front doors', { 'front-doors': '2' }, 1],
])('lets a drain of nodes end with %s, and leaves one of several', (_what, wishes, budgets) => {
  const found = textsOf(manifest(image, wishes), 'PodDisruptionBudget').flatMap(documentsOf)
  expect(found).toHaveLength(budgets)
  const pods = { matchLabels: { 'serving.knative.dev/service': 'front-door' } }
  for (const { metadata, spec } of found) {
    expect(metadata.namespace).toBe('linebot-system')
    expect(spec).toMatchObject({ minAvailable: 1, selector: pods })
  }
})

it('starts a front door anew that hangs for a minute, and none that is merely busy', () => {
  const [container] = theOne(manifest(image), 'Service', 'front-door')?.spec.template.spec.containers ?? []
  const { httpGet, periodSeconds, timeoutSeconds, failureThreshold } = container.livenessProbe
  // Knative has the kubelet ask the container's own port where none is named.
  expect(httpGet).toEqual({ path: '/healthz' })
  expect(periodSeconds * failureThreshold).toBeGreaterThanOrEqual(60)
  expect(timeoutSeconds).toBeGreaterThanOrEqual(5)
})
