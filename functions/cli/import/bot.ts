import { apiVersion } from '../../core/names.ts'
import { hint } from '../../core/schema/nearest.ts'
import { own } from '../../core/shape.ts'
import { type Found, type Note, objectAt, textAt, textsAt, valueAt } from './found.ts'
import { metadataOf } from './metadata.ts'

const members = ['selector', 'channelSecretName', 'expose', 'version', 'logLevel']

const exposed: Readonly<Record<string, string>> = {
  Ngrok: 'no tunnel is needed; npm start runs bots on a laptop, in a cluster the front door’s URL is set at LINE',
  Ingress: 'the front door is public by Knative’s own ingress and domain; its URL is set at LINE',
  LoadBalancer: 'the front door is public by Knative’s own ingress and domain; its URL is set at LINE',
}

/** The Bot, and the EventBinding of its name that selects its Events. */
export function botFor(found: Found, selector: Readonly<Record<string, string>>, notes: Note[]): object[] {
  notes.push(...lossesOf(found).map((loss) => ({ of: found, ...loss })))
  const secretName = textAt(found.object, 'spec.channelSecretName') ?? ''
  return [
    { apiVersion, kind: 'Bot', metadata: metadataOf(found), spec: { channel: { secretName } } },
    bindingFor(found, selector),
  ]
}

export const bindingFor = (found: Found, matchLabels: Readonly<Record<string, string>>) => ({
  apiVersion,
  kind: 'EventBinding',
  metadata: metadataOf(found),
  spec: { selector: { matchLabels } },
})

function lossesOf({ object, name }: Found): { path: string; message: string }[] {
  const spec = objectAt(object, 'spec')
  const type = textAt(object, 'spec.expose.type') ?? ''
  const domain = textAt(object, 'spec.expose.domainName')
  const losses: [string, string][] = [
    [
      'spec.expose.type',
      `${type}: ${own(exposed, type) ?? 'not known; the front door is public by Knative’s own ingress'}`,
    ],
    [
      'spec.expose.domainName',
      `to keep that name, point it at the front door and set spec.webhook.url: https://${domain}/webhook/NAMESPACE/${name}`,
    ],
    ['spec.expose.loadBalanceIPs', 'addresses belong to Knative’s ingress: set them there'],
    ['spec.expose.ngrokToken', 'nothing needs ngrok; revoke it if nobody else uses it'],
    ['spec.version', 'the image comes with linebot; another one can be named in spec.template'],
    [
      'spec.logLevel',
      `${String(valueAt(object, 'spec.logLevel'))} was a number; write spec.logLevel: Debug, Info (the default), Warn or Error`,
    ],
    ['spec.selector.matchExpressions', 'the prototype used matchLabels alone, so does this'],
  ]
  const unknown = Object.keys(spec).filter((key) => !members.includes(key))
  return [
    ...losses.map(([path, message]) => ({ path, message })).filter(({ path }) => valueAt(object, path) !== undefined),
    ...unknown.map((key) => ({ path: `spec.${key}`, message: `the prototype has no such field${hint(key, members)}` })),
    ...(Object.keys(textsAt(object, 'spec.selector.matchLabels')).length === 0
      ? [{ path: 'spec.selector', message: `no matchLabels: Events are chosen by the label bot-${name}: "true"` }]
      : []),
  ]
}
