import type { Resource } from './resources.ts'

export type Subresource = 'status' | 'scale'

/** A request for objects, as its path and query say it. */
export interface Ask {
  readonly resource: Resource
  readonly namespace?: string
  readonly name?: string
  readonly subresource?: Subresource
  readonly query: URLSearchParams
  readonly userAgent: string
}

/** A write changes nothing and says what it would. */
export const isDryRun = ({ query }: Ask): boolean => query.getAll('dryRun').includes('All')

/** Who the write is owned by: as it says itself, else the first word of its program's name. */
export const managerOf = ({ query, userAgent }: Ask): string =>
  query.get('fieldManager') || userAgent.split('/')[0] || 'unknown'
