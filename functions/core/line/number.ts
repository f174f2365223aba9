import type { Check } from './check.ts'

/** A number from `min` to `max`. */
export const between =
  (min: number, max: number): Check =>
  (value, path, problems) => {
    if (typeof value !== 'number') problems.push({ path, message: `${JSON.stringify(value)} is not a number` })
    else if (Number.isNaN(value)) problems.push({ path, message: 'not a number' })
    else if (value < min) problems.push({ path, message: `${value}, at least ${min}` })
    else if (value > max) problems.push({ path, message: `${value}, at most ${max}` })
  }

/** A whole number from `min` to `max`. */
export const whole =
  (min: number, max = Number.MAX_SAFE_INTEGER): Check =>
  (value, path, problems) => {
    if (Number.isInteger(value)) between(min, max)(value, path, problems)
    else problems.push({ path, message: `${JSON.stringify(value)} is not a whole number` })
  }
