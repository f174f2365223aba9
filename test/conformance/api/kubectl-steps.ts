/** What people type, and what kubectl says to it. */

export interface Step {
  readonly type: string
  readonly input?: string
  readonly env?: Record<string, string>
  /** All of the lines, or, where there are more, those that matter. */
  readonly lines: readonly (string | RegExp)[]
  readonly code?: number
}

const yaml = (spec: string, name = 'b', labels = '') => `
apiVersion: linebot.dev/v1alpha1
kind: Bot
metadata: {name: ${name}, labels: {x: yes-it-is${labels}}}
spec: {channel: {secretName: s}${spec}}
`

const condition = `{"type":"Ready","status":"True","reason":"AsWanted","message":"","observedGeneration":9,"lastTransitionTime":"2026-01-01T00:00:00Z"}`

const own: readonly Step[] = [
  { type: 'apply -f -', input: yaml(''), lines: ['bot.linebot.dev/b created'] },
  { type: 'apply -f -', input: yaml(''), lines: ['bot.linebot.dev/b unchanged'] },
  { type: 'apply -f -', input: yaml(', logLevel: Warn'), lines: ['bot.linebot.dev/b configured'] },
  { type: 'apply -f - --dry-run=server', input: yaml(''), lines: ['bot.linebot.dev/b configured (server dry run)'] },
  { type: 'get lbot b -o jsonpath={.spec.logLevel}', lines: ['Warn'] },
  { type: 'diff -f -', input: yaml(''), code: 1, lines: ['-  logLevel: Warn', '+  logLevel: Info'] },
  { type: 'apply -f -', input: yaml(''), lines: ['bot.linebot.dev/b configured'] },
  { type: 'get lbot b -o jsonpath={.spec.logLevel}', lines: ['Info'] },
  {
    type: 'get lbot',
    lines: [/^NAME +READY +REASON +URL +RULES +ACTIVE +AGE$/, /^b +AGE$/],
  },
  { type: 'get lbot -o wide', lines: [/^NAME +READY +REASON +URL +RULES +ACTIVE +AGE$/, /^b +AGE$/] },
  { type: 'get linebot', lines: [/^NAME +READY +REASON +URL +RULES +ACTIVE +AGE$/, /^bot.linebot.dev\/b +AGE$/] },
  { type: 'get bots -l x=yes-it-is -o name', lines: ['bot.linebot.dev/b'] },
  { type: 'get bots -l x!=yes-it-is', lines: [/^No resources found/] },
  {
    type: 'get lbot b -o yaml',
    lines: ['apiVersion: linebot.dev/v1alpha1', 'kind: Bot', '  generation: 3', '    secretName: s'],
  },
  { type: 'get lbot b -o json', lines: ['    "kind": "Bot",'] },
  {
    type: 'describe lbot b',
    lines: ['Name:         b', 'Kind:         Bot', '    Secret Name:  s', /^Events: +<none>$/],
  },
]

const changed: readonly Step[] = [
  { type: 'apply -f -', input: yaml(''), lines: ['bot.linebot.dev/b created'] },
  { type: 'scale --replicas=2 lbot/b', lines: ['bot.linebot.dev/b scaled'] },
  { type: 'get lbot b -o jsonpath={.spec.scale.min}', lines: ['2'] },
  { type: 'label lbot b a=b', lines: ['bot.linebot.dev/b labeled'] },
  { type: 'label lbot b a=c', code: 1, lines: [`error: 'a' already has a value (b), and --overwrite is false`] },
  { type: 'label lbot b a-', lines: ['bot.linebot.dev/b unlabeled'] },
  { type: 'annotate lbot b a=b', lines: ['bot.linebot.dev/b annotated'] },
  { type: 'patch lbot b --type merge -p {"spec":{"suspend":true}}', lines: ['bot.linebot.dev/b patched'] },
  { type: 'patch lbot b --type merge -p {"spec":{"suspend":true}}', lines: ['bot.linebot.dev/b patched (no change)'] },
  {
    type: 'patch lbot b --type json -p [{"op":"remove","path":"/metadata/annotations/a"}]',
    lines: ['bot.linebot.dev/b patched'],
  },
  {
    type: 'patch lbot b -p {"spec":{}}',
    code: 1,
    lines: [/^error: application\/strategic-merge-patch\+json is not supported by linebot\.dev\/v1alpha1, Kind=Bot/],
  },
  {
    type: 'patch lbot b --type merge -p {"spec":{"delivery":"Nope"}}',
    code: 1,
    lines: [/^The Bot "b" is invalid/, /spec\.delivery/],
  },
  {
    type: 'wait --for=condition=Ready lbot/b --timeout=0',
    code: 1,
    lines: [/timed out waiting for the condition on bots\/b|condition not met for bots\/b/],
  },
  {
    type: `patch lbot b --subresource=status --type merge -p {"status":{"conditions":[${condition}]}}`,
    lines: ['bot.linebot.dev/b patched'],
  },
  { type: 'wait --for=condition=Ready lbot/b --timeout=5s', lines: ['bot.linebot.dev/b condition met'] },
  { type: 'get lbot b', lines: [/^NAME/, /^b +True +AsWanted +AGE$/] },
  {
    type: 'edit lbot b',
    env: { KUBE_EDITOR: 'sed -i -e s/logLevel:.Info/logLevel:\\ Error/' },
    lines: ['bot.linebot.dev/b edited'],
  },
  { type: 'get lbot b -o jsonpath={.spec.logLevel}', lines: ['Error'] },
  { type: 'edit lbot b', env: { KUBE_EDITOR: 'true' }, lines: ['Edit cancelled, no changes made.'] },
  {
    type: 'apply --server-side -f -',
    input: yaml(', logLevel: Warn, suspend: false'),
    code: 1,
    lines: [
      'error: Apply failed with 2 conflicts: conflicts with "kubectl-edit" using linebot.dev/v1alpha1:',
      '- .spec.logLevel',
      'conflicts with "kubectl-patch" using linebot.dev/v1alpha1:',
      '- .spec.suspend',
    ],
  },
  {
    type: 'apply --server-side --force-conflicts -f -',
    input: yaml(', logLevel: Warn'),
    lines: ['bot.linebot.dev/b serverside-applied'],
  },
  {
    type: 'apply --server-side -f -',
    input: yaml(', logLevel: Warn'),
    lines: ['bot.linebot.dev/b serverside-applied'],
  },
  {
    type: 'apply --server-side --field-manager=other -f -',
    input: yaml(', logLevel: Error'),
    code: 1,
    lines: ['error: Apply failed with 1 conflict: conflict with "kubectl": .spec.logLevel'],
  },
  {
    type: 'apply -f - --dry-run=server',
    input: yaml(', logLevel: Warn'),
    lines: ['bot.linebot.dev/b configured (server dry run)'],
  },
  {
    type: 'apply -f -',
    input: yaml(', bogus: 1'),
    code: 1,
    lines: [/strict decoding error: unknown field "spec.bogus"$/],
  },
  {
    type: 'apply --server-side -f -',
    input: yaml(', bogus: 1'),
    code: 1,
    lines: [/\.spec\.bogus: field not declared in schema$/],
  },
  { type: 'replace -f -', input: yaml(', logLevel: Error'), lines: ['bot.linebot.dev/b replaced'] },
  { type: 'delete lbot --all --cascade=foreground', lines: ['bot.linebot.dev "b" deleted'] },
  { type: 'get lbot', lines: [/^No resources found/] },
]

/** Kinds of Kubernetes' own; kubectl sends what it creates of them as protobuf. */
const core: readonly Step[] = [
  { type: 'create secret generic s --from-literal=channelSecret=abc', lines: ['secret/s created'] },
  { type: 'create configmap c --from-literal=a=火', lines: ['configmap/c created'] },
  { type: 'create serviceaccount a', lines: ['serviceaccount/a created'] },
  {
    type: 'patch configmap c --type json -p [{"op":"remove","path":"/data/z"}]',
    code: 1,
    lines: [/^The request is invalid: the server rejected our request/],
  },
  { type: 'get secret s', lines: [/^NAME +TYPE +DATA +AGE$/, /^s +Opaque +1 +AGE$/] },
  { type: 'get secret s -o jsonpath={.data}', lines: ['{"channelSecret":"YWJj"}'] },
  { type: 'get configmap c -o jsonpath={.data}', lines: ['{"a":"火"}'] },
  { type: 'create secret generic s', code: 1, lines: ['error: failed to create secret secrets "s" already exists'] },
  {
    type: 'describe secret s',
    lines: ['Name:         s', 'channelSecret:  3 bytes'],
  },
  { type: 'label secret s a=b', lines: ['secret/s labeled'] },
  { type: 'patch configmap c -p {"data":{"a":null,"b":"c"}}', lines: ['configmap/c patched'] },
  { type: 'get configmap c -o jsonpath={.data}', lines: ['{"b":"c"}'] },
  { type: 'delete secret,configmap s c', code: 1, lines: ['secret "s" deleted', 'configmap "c" deleted'] },
]

const created: readonly Step[] = [
  { type: 'create -f -', input: yaml(', bogus: 1', 'd'), code: 1, lines: [/unknown field "spec.bogus"$/] },
  {
    type: 'create --validate=warn -f -',
    input: yaml(', bogus: 1', 'd'),
    lines: ['bot.linebot.dev/d created', 'Warning: unknown field "spec.bogus"'],
  },
  {
    type: 'create -f -',
    input: yaml('', 'd'),
    code: 1,
    lines: [/\(AlreadyExists\).* bots\.linebot\.dev "d" already exists$/],
  },
  { type: 'create -f -', input: yaml(', delivery: Nope', 'e'), code: 1, lines: [/^The Bot "e" is invalid/] },
  { type: 'delete lbot d --dry-run=server', lines: [/^bot\.linebot\.dev "d" deleted.*\(server dry run\)/] },
  { type: 'delete lbot d', lines: ['bot.linebot.dev "d" deleted'] },
  { type: 'delete lbot d', code: 1, lines: ['Error from server (NotFound): bots.linebot.dev "d" not found'] },
  { type: 'delete lbot d --ignore-not-found', lines: [] },
]

/** A bare `event` is Kubernetes' own. */
const asked: readonly Step[] = [
  { type: 'get lbot none', code: 1, lines: ['Error from server (NotFound): bots.linebot.dev "none" not found'] },
  { type: 'get nothing', code: 1, lines: [`error: the server doesn't have a resource type "nothing"`] },
  // Kubernetes' own.
  { type: 'get event', lines: [/^No resources found/] },
  { type: 'get event none', code: 1, lines: ['Error from server (NotFound): events "none" not found'] },
  { type: 'get lbe none', code: 1, lines: ['Error from server (NotFound): events.linebot.dev "none" not found'] },
  {
    type: 'explain lbot.spec.scale',
    lines: ['FIELD: scale <Object>', '    How many pods, and for how long.', /^ {2}min\s<integer>$/],
  },
  {
    type: 'explain lbe.spec',
    lines: ['FIELD: spec <Object>', /^ {2}rules\s<\[\]Object> -required-$/, /The LINE webhook event type: message,/],
  },
  { type: 'explain lbot.spec.nothing', code: 1, lines: ['error: field "nothing" does not exist'] },
  {
    type: 'api-resources --api-group=linebot.dev',
    lines: [/^bots +lbot +linebot\.dev\/v1alpha1 +true +Bot$/, /^events +lbe /, /^eventbindings +lbeb /],
  },
]

/** Each list one after the other in a namespace of its own, the lists side by side. */
export const lists: Readonly<Record<string, readonly Step[]>> = { own, changed, core, created, asked }
