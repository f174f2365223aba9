/** The path of a member: `spec.rules`, or `metadata.labels[a.b/c]` where the name is not a plain word. */
export const member = (path: string, name: string): string =>
  /^[A-Za-z_][\w-]*$/.test(name) ? (path ? `${path}.${name}` : name) : `${path}[${name}]`

export const item = (path: string, index: number): string => `${path}[${index}]`
