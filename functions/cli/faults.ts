import { group } from '../core/names.ts'
import type { Problem } from '../core/problem.ts'
import { check } from '../core/schema/check.ts'
import { kindNames } from '../core/schema/crd.ts'
import { isObject } from '../core/shape.ts'
import type { Source } from './documents.ts'
import { problemsOf, unwritten } from './validate/problems.ts'
import { twice } from './validate/twice.ts'

/** Something wrong in a file. */
export interface Fault {
  /** As `FILE:LINE:COLUMN: KIND NAME`; without the object where the file is no YAML. */
  readonly place: string
  /** Of a rule that is rejected and left out: its Event. */
  readonly event?: string
  readonly path: string
  readonly message: string
}

/** One object of ours, or what is no YAML, with all that is wrong in it. */
export interface Judged {
  readonly source: Source
  readonly faults: readonly Fault[]
}

/** Kinds of others are passed over. */
export function judge(sources: readonly Source[]): Judged[] {
  const ours = sources.filter(({ document: { value, errors } }) => errors.length > 0 || isOurs(value))
  const again = twice(ours)
  return ours.map((source) => ({ source, faults: faultsIn(source, again.get(source)) }))
}

function faultsIn(source: Source, again: Problem | undefined): Fault[] {
  const { name, document } = source
  const { value, errors } = document
  if (errors.length > 0)
    return errors.map(({ line, column, message }) => ({ place: `${name}:${line}:${column}`, path: '', message }))
  return faultsFrom(source, [...(again ? [again] : []), ...problemsOf(value), ...unwritten(value)])
}

/** The problems of an object, where they stand in its file. */
export function faultsFrom({ name, document }: Source, problems: readonly Problem[]): Fault[] {
  if (problems.length === 0) return []
  const { value, positionOf } = document
  const event = check('Event', value)
  return problems.map(({ path, message }) => {
    const { line, column } = positionOf(path)
    return {
      place: `${name}:${line}:${column}: ${titleOf(value)}`,
      ...(event.ok && { event: event.value.metadata.name }),
      path,
      message,
    }
  })
}

/** As `FILE:LINE:COLUMN: KIND NAME: PATH: MESSAGE`. */
export const lineOf = ({ place, path, message }: Fault): string => `${place}: ${path ? `${path}: ` : ''}${message}`

/** An object of a kind of ours that lacks its apiVersion too: it was meant to be one. */
export function isOurs(value: unknown): boolean {
  if (!isObject(value)) return false
  if (value.apiVersion === undefined) return kindNames.some((known) => known === value.kind)
  return typeof value.apiVersion === 'string' && value.apiVersion.split('/')[0] === group
}

function titleOf(value: unknown): string {
  if (!isObject(value)) return 'document'
  const name = isObject(value.metadata) ? value.metadata.name : undefined
  return [value.kind, name].filter((word) => typeof word === 'string').join(' ') || 'document'
}
