import { isObject, type Json, own } from '../../core/shape.ts'
import { type Position, type Read, readDocuments, readObjects } from '../documents.ts'

/** An object of the given files, and where its members stand. */
export interface Found {
  readonly file: string
  readonly kind: string
  readonly name: string
  readonly object: Json
  /** Of a path in the object. */
  readonly positionOf: (path: string) => Position
}

/** What could not be carried over, and what to do instead. */
export interface Note {
  readonly of: Found
  readonly path: string
  readonly message: string
}

export interface File {
  readonly name: string
  readonly text: string
}

/** Every object in the files. */
export const objectsIn = (files: readonly File[]): Found[] =>
  files.flatMap((file) => readObjects(file.text).flatMap((read) => foundIn(read, file.name)))

/** One line for each place that is no YAML. */
export const errorsIn = (files: readonly File[]): string[] =>
  files.flatMap(({ name, text }) =>
    readDocuments(text).flatMap(({ errors }) => errors.map(({ line, message }) => `${name}:${line}: ${message}`)),
  )

const foundIn = ({ value, positionOf }: Read, file: string): Found[] =>
  isObject(value) ? [foundOf(value, file, positionOf)] : []

function foundOf(object: Json, file: string, positionOf: Found['positionOf']): Found {
  return { file, kind: textAt(object, 'kind') ?? '', name: textAt(object, 'metadata.name') ?? '', object, positionOf }
}

/** The value at a dotted path. */
export const valueAt = (object: Json, path: string): unknown =>
  path.split('.').reduce<unknown>((value, name) => (isObject(value) ? own(value, name) : undefined), object)

export function textAt(object: Json, path: string): string | undefined {
  const value = valueAt(object, path)
  return typeof value === 'string' ? value : undefined
}

export const objectAt = (object: Json, path: string): Json => {
  const value = valueAt(object, path)
  return isObject(value) ? value : {}
}

/** The members of a mapping that are strings, as labels are. */
export const textsAt = (object: Json, path: string): Record<string, string> =>
  Object.fromEntries(
    Object.entries(objectAt(object, path)).flatMap(([key, value]) => (typeof value === 'string' ? [[key, value]] : [])),
  )
