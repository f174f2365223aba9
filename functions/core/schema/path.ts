/** The path of a member: `spec.rules`, or `metadata.labels[a.b/c]` where the name is not a plain word. */
export const member = (path: string, name: string): string =>
  /^[A-Za-z_][\w-]*$/.test(name) ? (path ? `${path}.${name}` : name) : `${path}[${name}]`

export const item = (path: string, index: number): string => `${path}[${index}]`

export type Json = Readonly<Record<string, unknown>>

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Own members only: what a person writes may be called `constructor`. */
export const own = <T>(record: Readonly<Record<string, T>> | undefined, name: string): T | undefined =>
  record && Object.hasOwn(record, name) ? record[name] : undefined
