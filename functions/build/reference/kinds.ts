import { carries, chatsOf, eventTypes, isRepliableType, pathsOf } from '../../core/events.ts'
import { crdFor, type KindName } from '../../core/schema/crd.ts'
import { code, table } from './markdown.ts'
import { parts } from './parts.ts'
import { sections, type Telling } from './schema.ts'

/** The page of one of our kinds. */
export function kindPage(kind: KindName, values: Telling['values'], more: readonly string[] = []): string[] {
  const { names, versions, group } = crdFor(kind).spec
  const [{ name: version, schema, additionalPrinterColumns: columns }] = versions
  const { openAPIV3Schema: root } = schema
  const page = kind.toLowerCase()
  const telling = { values, page, sizes: true }
  const { spec, status } = root.properties ?? {}
  if (!spec || !status) throw new Error('a kind has a spec and a status')
  return [
    `# ${kind}`,
    `${root.description ?? ''} \`apiVersion: ${group}/${version}\`, \`kind: ${kind}\`; \`kubectl get ${names.shortNames[0]}\` shows ${columns.map(({ name }) => name).join(', ')}.`,
    `A whole one: [examples/${page}.yaml](examples/${page}.yaml). What may be written is checked by the API server and, without a cluster, by \`linebot validate FILE…\`.`,
    ...(root['x-kubernetes-validations'] ?? []).map(({ message }) => `- ${message}`),
    ...sections(spec, `${kind}.spec`, telling),
    ...partsOn(page, telling),
    ...more,
    ...sections(status, `${kind}.status`, telling),
  ]
}

export const partsOn = (page: string, telling: Telling): string[] =>
  parts.filter((part) => part.page === page).flatMap(({ schema, name }) => sections(schema, name, telling))

/** LINE's types of webhook events, as the bot knows them. */
export function eventTypesSection(): string[] {
  const everywhere = (pathsOf(eventTypes[0] ?? '') ?? []).filter((path) =>
    eventTypes.every((type) => carries(type, path)),
  )
  const rows = eventTypes.map((type) => [
    code(type),
    isRepliableType(type) ? 'yes' : 'no',
    (chatsOf(type) ?? []).join(', ') || 'no chat',
    (pathsOf(type) ?? [])
      .filter((path) => !everywhere.includes(path))
      .map(code)
      .join(' '),
  ])
  return [
    "## LINE's event types",
    'What `spec.type` may be. An event without a reply token cannot be answered: its rules take only `forward`. A type that LINE adds later may be written too, with `forward`.',
    `Every event carries ${everywhere.map(code).join(', ')}; below is what comes on top. The paths are for \`where\` and, as \`event.PATH\`, for [templates](templates.md); \`0\` is the first place in a list. A postback's data is read as JSON or as a query string, as \`data.NAME\`.`,
    table(['Type', 'Can be replied to', 'Chats', 'Carries'], rows),
  ]
}
