import { Bot, Event, EventBinding } from '../kinds.ts'
import { group, version } from '../names.ts'
import { bindingSchema } from '../resources/binding.ts'
import { botSchema } from '../resources/bot.ts'
import { eventSchema } from '../resources/event.ts'
import { type Structural, structural } from './structural.ts'

/** Our kinds, in the order in which a person meets them. */
export const kindNames = ['Bot', 'Event', 'EventBinding'] as const
export type KindName = (typeof kindNames)[number]

interface Column {
  readonly name: string
  readonly type: 'string' | 'integer' | 'boolean' | 'date'
  readonly jsonPath: string
  readonly description: string
}

/** A CustomResourceDefinition as far as we say it. */
export interface Crd {
  readonly apiVersion: 'apiextensions.k8s.io/v1'
  readonly kind: 'CustomResourceDefinition'
  readonly metadata: { readonly name: string }
  readonly spec: {
    readonly group: string
    readonly scope: 'Namespaced'
    readonly names: {
      readonly kind: KindName
      readonly listKind: string
      readonly plural: string
      readonly singular: string
      readonly shortNames: readonly string[]
      readonly categories: readonly string[]
    }
    readonly versions: readonly [
      {
        readonly name: string
        readonly served: true
        readonly storage: true
        readonly additionalPrinterColumns: readonly Column[]
        readonly subresources: {
          readonly status: Record<string, never>
          readonly scale?: { readonly specReplicasPath: string; readonly statusReplicasPath: string }
        }
        readonly schema: { readonly openAPIV3Schema: Structural }
      },
    ]
  }
}

const readyIs = (member: 'status' | 'reason') => `.status.conditions[?(@.type=="Ready")].${member}`
const ready: Column = {
  name: 'Ready',
  type: 'string',
  jsonPath: readyIs('status'),
  description: 'Whether all is well.',
}
const reason: Column = { name: 'Reason', type: 'string', jsonPath: readyIs('reason'), description: 'Why, in a word.' }
const age: Column = {
  name: 'Age',
  type: 'date',
  jsonPath: '.metadata.creationTimestamp',
  description: 'Since it was created.',
}
const rules = (jsonPath: string): Column => ({
  name: 'Rules',
  type: 'integer',
  jsonPath,
  description: 'Rules in force.',
})

const parts = {
  Bot: {
    schema: botSchema,
    shortName: 'lbot',
    columns: [
      { name: 'URL', type: 'string', jsonPath: '.status.url', description: 'The webhook URL that LINE is given.' },
      rules('.status.rules.count'),
      {
        name: 'Active',
        type: 'boolean',
        jsonPath: '.status.channel.active',
        description: 'Whether “Use webhook” is on in LINE’s console.',
      },
    ],
    scale: { specReplicasPath: '.spec.scale.min', statusReplicasPath: '.status.replicas' },
  },
  Event: {
    schema: eventSchema,
    shortName: 'lbe',
    columns: [
      { name: 'Type', type: 'string', jsonPath: '.spec.type', description: 'The LINE webhook event type.' },
      rules('.status.accepted'),
    ],
    scale: undefined,
  },
  EventBinding: {
    schema: bindingSchema,
    shortName: 'lbeb',
    columns: [
      { name: 'Events', type: 'integer', jsonPath: '.status.events', description: 'Events selected.' },
      rules('.status.rules.count'),
    ],
    scale: undefined,
  },
} as const

const kinds = { Bot, Event, EventBinding }
const made = new Map<KindName, Crd>()

/** The CustomResourceDefinition of one of our kinds. Made once: always the same object. */
export function crdFor(kind: KindName): Crd {
  const crd = made.get(kind) ?? makeCrd(kind)
  made.set(kind, crd)
  return crd
}

/** The schema of one of our kinds, as its CRD has it. */
export const schemaFor = (kind: KindName): Structural => crdFor(kind).spec.versions[0].schema.openAPIV3Schema

function makeCrd(kind: KindName): Crd {
  const { plural } = kinds[kind]
  const { schema, shortName, columns, scale } = parts[kind]
  const singular = kind.toLowerCase()
  const names = { kind, listKind: `${kind}List`, plural, singular, shortNames: [shortName], categories: ['linebot'] }
  const served = {
    name: version,
    served: true,
    storage: true,
    additionalPrinterColumns: [ready, reason, ...columns, age],
    subresources: { status: {}, ...(scale && { scale }) },
    schema: { openAPIV3Schema: rootOf(structural(schema)) },
  } as const
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: { group, scope: 'Namespaced', names, versions: [served] },
  }
}

/** The API server has its own schema for metadata and refuses most of another; unknown fields at the root are refused. */
function rootOf({ properties = {}, ...root }: Structural): Structural {
  const { spec, status } = properties
  if (!spec || !status) throw new Error('a kind has a spec and a status')
  delete root['x-kubernetes-preserve-unknown-fields']
  return {
    ...root,
    required: ['spec'],
    properties: {
      apiVersion: { description: 'Group and version of this kind.', type: 'string' },
      kind: { description: 'This kind.', type: 'string' },
      metadata: { type: 'object' },
      spec,
      status,
    },
  }
}
