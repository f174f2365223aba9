import { type Found, textAt, textsAt } from './found.ts'

/** Name, namespace and labels; the rest is what a server adds. */
export function metadataOf({ name, object }: Found, more: Readonly<Record<string, string>> = {}) {
  const namespace = textAt(object, 'metadata.namespace')
  const labels = { ...textsAt(object, 'metadata.labels'), ...more }
  return { name, ...(namespace && { namespace }), ...(Object.keys(labels).length > 0 && { labels }) }
}

export const sameNamespace = (a: Found, b: Found): boolean =>
  textAt(a.object, 'metadata.namespace') === textAt(b.object, 'metadata.namespace')

/** Files that are applied with `-n` say none, and a server always says one. */
export function mayMeet(a: Found, b: Found): boolean {
  const [one, other] = [a, b].map(({ object }) => textAt(object, 'metadata.namespace'))
  return one === undefined || other === undefined || one === other
}

/** What it is told by from others of its kind. */
export const keyOf = ({ name, object }: Found): string => JSON.stringify([textAt(object, 'metadata.namespace'), name])
