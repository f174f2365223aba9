/** A value if it is what it should be, else undefined. For reading JSON that others write and extend. */
export type Reader<T> = (value: unknown) => T | undefined
type Readers<T> = { readonly [Key in keyof T]-?: Reader<T[Key]> }

export const text: Reader<string> = (value) => (typeof value === 'string' ? value : undefined)
export const number: Reader<number> = (value) => (typeof value === 'number' ? value : undefined)
export const truth: Reader<boolean> = (value) => (typeof value === 'boolean' ? value : undefined)
export const anyList: Reader<unknown[]> = (value) => (Array.isArray(value) ? value : undefined)

/** A list without the items that cannot be read. */
export const list =
  <T>(read: Reader<T>): Reader<T[]> =>
  (value) =>
    anyList(value)
      ?.map(read)
      .filter((item) => item !== undefined)

const isText = (entry: [string, unknown]): entry is [string, string] => typeof entry[1] === 'string'

/** An object's members that are strings. */
export const texts: Reader<Record<string, string>> = (value) => {
  return isObject(value) ? Object.fromEntries(Object.entries(value).filter(isText)) : undefined
}

/** An object with the members that can be read, and no others; undefined when a required one is missing. */
export function object<T extends object>(readers: Readers<T>, ...required: readonly (keyof T)[]): Reader<T> {
  const names = Object.keys(readers)
  // `Readers` has a reader of the right type for every member of T, which Object.keys forgets.
  const readerOf = readers as Readonly<Record<string, Reader<unknown>>>
  return (value) => {
    if (!isObject(value)) return undefined
    const read = names.map((name) => [name, Object.hasOwn(value, name) ? readerOf[name]?.(value[name]) : undefined])
    const found: Record<PropertyKey, unknown> = Object.fromEntries(read.filter(([, member]) => member !== undefined))
    // Its members are those of T, each read by its own reader, and the required ones are there.
    return required.every((name) => Object.hasOwn(found, name)) ? (found as T) : undefined
  }
}

/** What the text says, or undefined when it is no JSON. Never throws, however deep it nests. */
export function parseJson(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

/** A JSON object. */
export type Json = Readonly<Record<string, unknown>>

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Own members only: what a person writes may be called `constructor`. */
export const own = <T>(record: Readonly<Record<string, T>> | undefined, name: string): T | undefined =>
  record && Object.hasOwn(record, name) ? record[name] : undefined
