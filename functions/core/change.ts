/**
 * Something changed in the API server: who, and nothing else. What it looks like now is read live, so that a
 * change told late, twice, out of order or as another verb leads to the same answer.
 */
export interface Change {
  readonly apiVersion: string
  readonly kind: string
  readonly namespace: string
  readonly name: string
}
