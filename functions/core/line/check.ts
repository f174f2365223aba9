import { countGraphemes } from '../grapheme.ts'
import type { Problem } from '../problem.ts'
import { leastOf } from '../template.ts'

/** Adds to the list what is wrong with the value that stands at the path. */
export type Check = (value: unknown, path: string, problems: Problem[]) => void

export type Members = Readonly<Record<string, unknown>>

/** A LINE object of one type: the members it may have, and what no single member can tell. */
export interface Shape {
  /** In a sentence, as in "a text message". */
  readonly name: string
  readonly required?: Readonly<Record<string, Check>>
  readonly optional?: Readonly<Record<string, Check>>
  readonly also?: (members: Members, path: string, problems: Problem[]) => void
}

export const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** For members that LINE judges itself, or that cannot be judged from here. */
export const anything: Check = () => undefined

export const shaped =
  (shape: Shape): Check =>
  (value, path, problems) => {
    if (!isMembers(value)) return void problems.push({ path, message: `${shape.name} is an object` })
    const { name, required = {}, optional = {}, also } = shape
    const known = { ...required, ...optional }
    for (const member of Object.keys(required)) {
      if (value[member] === undefined)
        problems.push({ path: `${path}.${member}`, message: `missing: ${name} needs it` })
    }
    for (const [member, inside] of Object.entries(value)) {
      if (Object.hasOwn(known, member)) known[member]?.(inside, `${path}.${member}`, problems)
      else problems.push({ path: `${path}.${member}`, message: `${name} has no ${member}, but ${listed(known)}` })
    }
    also?.(value, path, problems)
  }

/** One of several shapes, told apart by `type`. */
export const typed =
  (name: string, shapes: Readonly<Record<string, Shape>>): Check =>
  (value, path, problems) => {
    const type = isMembers(value) ? value['type'] : undefined
    const shape = typeof type === 'string' && Object.hasOwn(shapes, type) ? shapes[type] : undefined
    if (shape) return shaped({ ...shape, required: { type: anything, ...shape.required } })(value, path, problems)
    const message = type === undefined ? 'missing' : `${JSON.stringify(type)} is no ${name}`
    problems.push({ path: `${path}.type`, message: `${message}; write one of ${listed(shapes)}` })
  }

const listed = (names: object) => Object.keys(names).join(', ')

export const list =
  (limits: { min: number; max: number; what: string }, item: Check): Check =>
  (value, path, problems) => {
    if (!Array.isArray(value)) return void problems.push({ path, message: `a list of ${limits.what}` })
    const asked = limits.min === limits.max ? `exactly ${limits.max}` : `at most ${limits.max}`
    if (value.length > limits.max || (value.length < limits.min && limits.min === limits.max)) {
      problems.push({ path, message: `${value.length} ${limits.what}, ${asked}` })
    } else if (value.length < limits.min) problems.push({ path, message: `no ${limits.what}, at least ${limits.min}` })
    for (const [index, inside] of value.entries()) item(inside, `${path}[${index}]`, problems)
  }

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

/** Text that LINE counts in grapheme clusters: labels, templates' title and text, what an action says for the user. */
export const graphemes = (max: number, when = ''): Check => counted('graphemes', countGraphemes, max, when)

/** Text without a limit of its own. */
export const string: Check = (value, path, problems) => {
  if (typeof value !== 'string') problems.push({ path, message: 'not a string' })
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

/** `words` as they are, without templates. */
export const oneOf =
  (...words: readonly (string | boolean)[]): Check =>
  (value, path, problems) => {
    if (words.some((word) => word === value)) return
    problems.push({ path, message: `${JSON.stringify(value)} is none of ${words.join(', ')}` })
  }

export const all =
  (...checks: readonly Check[]): Check =>
  (value, path, problems) => {
    for (const check of checks) check(value, path, problems)
  }

/** UTF-16 units of any URL of LINE's media. */
const maxUrl = 2000

/** What a template stands for is unknown, so it is cut out before the rest is looked at. */
const uri = (schemes: readonly string[], max: number): Check =>
  all(units(max), (value, path, problems) => {
    if (typeof value !== 'string' || value === '') return
    const written = leastOf(value)
    if (!value.startsWith('{{') && !schemes.some((scheme) => written.toLowerCase().startsWith(scheme))) {
      problems.push({ path, message: `must begin with ${schemes.join(' or ')}` })
    }
    const [odd] = /[^!-~]/u.exec(written) ?? []
    if (odd) problems.push({ path, message: `write ${JSON.stringify(odd)} percent-encoded: ${encoded(odd)}` })
  })

/** A lone half of a surrogate pair has no encoding. */
const encoded = (character: string) => (character.isWellFormed() ? encodeURIComponent(character) : '%EF%BF%BD')

export const httpsUrl: Check = uri(['https://'], maxUrl)
/** What an action may open; at most 1,000 UTF-16 units. */
export const openable: Check = uri(['https://', 'http://', 'line://', 'tel:'], 1000)

export const color: Check = formed(/^#[0-9a-f]{6}$/i, 'a colour such as #00FF99')
