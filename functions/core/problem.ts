/** What is wrong in a resource, and where, as in `spec.rules[0].reply[1].altText`. */
export interface Problem {
  readonly path: string
  readonly message: string
}
