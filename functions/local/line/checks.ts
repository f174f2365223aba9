import { isObject } from '../../core/shape.ts'

/**
 * The words in which LINE's limits are written down here: small checks that are put together into shapes.
 * A check says what is wrong and where; the dialect in which LINE says it is chosen afterwards (dialects.ts).
 */
export type Wrong =
  | { readonly is: 'missing' | 'invalid' | 'unknown' | 'uri' | 'scheme' | 'blockless' }
  | { readonly is: 'length' | 'size' | 'range'; readonly min: number; readonly max: number }
  | { readonly is: 'value'; readonly values: readonly string[] }

export type Path = readonly (string | number)[]

export interface Problem {
  readonly path: Path
  readonly wrong: Wrong
}

export type Check = (value: unknown, path: Path) => readonly Problem[]

const one = (path: Path, wrong: Wrong): readonly Problem[] => [{ path, wrong }]

// A null counts as absent: early SDKs sent all their unset members so, and LINE took them.
const isAbsent = (value: unknown): boolean => value === undefined || value === null

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** text-character-count: UTF-16 code units, except labels and template texts, which count as people do. */
export const units = (text: string): number => text.length
export const clusters = (text: string): number => [...graphemes.segment(text)].length

export const optional =
  (check: Check): Check =>
  (value, path) =>
    isAbsent(value) ? [] : check(value, path)

export const text =
  (max: number, count: (text: string) => number = units): Check =>
  (value, path) => {
    if (isAbsent(value) || value === '') return one(path, { is: 'missing' })
    if (typeof value !== 'string') return one(path, { is: 'invalid' })
    return count(value) > max ? one(path, { is: 'length', min: 0, max }) : []
  }

export const matching =
  (pattern: RegExp): Check =>
  (value, path) => {
    if (isAbsent(value)) return one(path, { is: 'missing' })
    return typeof value === 'string' && pattern.test(value) ? [] : one(path, { is: 'invalid' })
  }

export const number =
  (min: number, max: number): Check =>
  (value, path) => {
    if (isAbsent(value)) return one(path, { is: 'missing' })
    if (typeof value !== 'number') return one(path, { is: 'invalid' })
    return value < min || value > max ? one(path, { is: 'range', min, max }) : []
  }

export const integer =
  (min: number, max: number): Check =>
  (value, path) =>
    typeof value === 'number' && !Number.isInteger(value) ? one(path, { is: 'invalid' }) : number(min, max)(value, path)

export const flag: Check = (value, path) => (typeof value === 'boolean' ? [] : one(path, { is: 'invalid' }))

export const oneOf =
  (...values: readonly string[]): Check =>
  (value, path) => {
    if (isAbsent(value)) return one(path, { is: 'missing' })
    return typeof value === 'string' && values.includes(value) ? [] : one(path, { is: 'value', values })
  }

/** A percent-encoded URI of at most `max` UTF-16 units with one of the schemes. */
export const uri =
  (max: number, ...schemes: readonly string[]): Check =>
  (value, path) => {
    const problems = text(max)(value, path)
    if (problems.length > 0 || typeof value !== 'string') return problems
    const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(value)?.[1]?.toLowerCase()
    // Anything outside printable ASCII should have been percent-encoded.
    const leadsNowhere = /^(https?|line):\/\/([/?#]|$)|^tel:$/i.test(value)
    if (scheme === undefined || leadsNowhere || !/^[!-~]+$/.test(value)) return one(path, { is: 'uri' })
    return schemes.includes(scheme) ? [] : one(path, { is: 'scheme' })
  }

/** Media: HTTPS, at most 2,000 characters. */
export const mediaUrl: Check = uri(2000, 'https')

export const list =
  (item: Check, min: number, max: number): Check =>
  (value, path) => {
    if (isAbsent(value)) return one(path, { is: 'missing' })
    if (!Array.isArray(value)) return one(path, { is: 'invalid' })
    if (value.length < min || value.length > max) return one(path, { is: 'size', min, max })
    return value.flatMap((entry, index) => item(entry, [...path, index]))
  }

export type Fields = Readonly<Record<string, Check>>

/** An object; members beyond the fields are let through. */
export const shape =
  (fields: Fields): Check =>
  (value, path) => {
    if (isAbsent(value)) return one(path, { is: 'missing' })
    if (!isObject(value)) return one(path, { is: 'invalid' })
    return Object.entries(fields).flatMap(([name, check]) => check(value[name], [...path, name]))
  }

/** An object of exactly these fields. */
export const closed =
  (fields: Fields): Check =>
  (value, path) => {
    const strangers = isObject(value) ? Object.keys(value).filter((name) => !Object.hasOwn(fields, name)) : []
    return [...shape(fields)(value, path), ...strangers.flatMap((name) => one([...path, name], { is: 'unknown' }))]
  }

/** An object whose `type` says which check is right for it. */
export const byType =
  (types: Readonly<Record<string, Check>>): Check =>
  (value, path) => {
    if (isAbsent(value)) return one(path, { is: 'missing' })
    if (!isObject(value)) return one(path, { is: 'invalid' })
    const type = value['type']
    if (isAbsent(type) || type === '') return one([...path, 'type'], { is: 'missing' })
    const check = typeof type === 'string' && Object.hasOwn(types, type) ? types[type] : undefined
    return check ? check(value, path) : one([...path, 'type'], { is: 'value', values: Object.keys(types) })
  }

/** All of the checks, on the same value. */
export const both =
  (...checks: readonly Check[]): Check =>
  (value, path) =>
    checks.flatMap((check) => check(value, path))

/** A rule on the whole value that is said of the value itself. */
export const rule =
  (holds: (value: Readonly<Record<string, unknown>>) => boolean, wrong: Wrong, ...at: Path): Check =>
  (value, path) =>
    !isObject(value) || holds(value) ? [] : one([...path, ...at], wrong)
