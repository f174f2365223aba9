import { createHash } from 'node:crypto'

/** LINE's first letter of an ID says what it is of. */
const letters = { user: 'U', group: 'C', room: 'R' } as const

/** An ID as LINE's, the same for the same name. */
export const idFor = (of: keyof typeof letters, name: string): string =>
  `${letters[of]}${createHash('sha256').update(`${of} ${name}`).digest('hex').slice(0, 32)}`
