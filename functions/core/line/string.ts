import { countGraphemes } from '../grapheme.ts'
import { leastOf } from '../template.ts'
import type { Check } from './check.ts'

const counted =
  (unit: string, count: (text: string) => number, max: number, when: string): Check =>
  (value, path, problems) => {
    if (typeof value !== 'string') return void problems.push({ path, message: 'not a string' })
    // A template may become anything, so only what cannot be right whatever it becomes is refused.
    const length = count(leastOf(value))
    if (length > max) problems.push({ path, message: `${length} ${unit}, at most ${max}${when && ` ${when}`}` })
    if (value === '') problems.push({ path, message: `empty, at least 1 of ${unit}` })
  }

/** Text that LINE counts in UTF-16 units: all that is not listed for `graphemes`. */
export const units = (max: number): Check => counted('UTF-16 units', (text) => text.length, max, '')

/**
 * Text that LINE counts in grapheme clusters: labels of actions, what an action says for the user, and templates'
 * title and text (LINE's page text-character-count).
 */
export const graphemes = (max: number, when = ''): Check => counted('graphemes', countGraphemes, max, when)

/** Text without a limit of its own. */
export const string: Check = (value, path, problems) => {
  if (typeof value !== 'string') problems.push({ path, message: 'not a string' })
}

/** Text without a known limit that must say something. */
export const filled: Check = (value, path, problems) => {
  string(value, path, problems)
  if (value === '') problems.push({ path, message: 'empty' })
}

/** Text of a form, said in words. A string with a template in it cannot be judged. */
export const formed =
  (form: RegExp, words: string): Check =>
  (value, path, problems) => {
    if (typeof value !== 'string') problems.push({ path, message: `not a string, but ${words}` })
    else if (!value.includes('{{') && !form.test(value)) {
      problems.push({ path, message: `${JSON.stringify(value)} is not ${words}` })
    }
  }
