import type { Name } from './families.ts'

export type Labels = Readonly<Record<string, string | undefined>>

/** What is to be added to a series (of a counter or a histogram), or what it is now (of a gauge). */
export type Sample = Added | Gauged | Spread

interface Of {
  readonly name: Name
  readonly labels: Labels
}

export interface Added extends Of {
  readonly by: number
}

export interface Gauged extends Of {
  readonly value: number
}

/** Observations: how many were at most each bound, how many there were, and what they come to. */
export interface Spread extends Of {
  readonly counts: readonly number[]
  readonly count: number
  readonly sum: number
}
