import type { Problem } from '../../core/problem.ts'
import { nameOf, quotes } from '../../core/schema/judge.ts'
import { hint } from '../../core/schema/nearest.ts'
import { item, member } from '../../core/schema/path.ts'
import { isObject, type Json } from '../../core/shape.ts'

/** Reads what a person wrote, and keeps everything that is wrong with it; what is wrong reads as absent. */
export interface Reading {
  readonly problems: readonly Problem[]
  wrong(path: string, message: string): undefined
  /** A mapping with no other members than these. */
  mapping(value: unknown, path: string, known: readonly string[]): Json | undefined
  text(value: unknown, path: string): string | undefined
  truth(value: unknown, path: string): boolean | undefined
  list<T>(value: unknown, path: string, read: (value: unknown, path: string) => T | undefined): T[]
  /** A member, where it is given. */
  optional<T>(
    of: Json,
    name: string,
    path: string,
    read: (value: unknown, path: string) => T | undefined,
  ): T | undefined
  oneOf<const T extends string>(value: unknown, path: string, allowed: readonly T[]): T | undefined
}

export function makeReading(): Reading {
  const problems: Problem[] = []
  const wrong = (path: string, message: string) => void problems.push({ path, message })
  const text = (value: unknown, path: string): string | undefined => {
    if (typeof value === 'string') return value
    return wrong(path, `must be a string${quotes(value) ?? `, not ${nameOf(value)}`}`)
  }
  return {
    problems,
    wrong,
    text,
    mapping(value, path, known) {
      if (!isObject(value)) return wrong(path, `must be a mapping, not ${nameOf(value)}`)
      for (const name of Object.keys(value)) {
        if (!known.includes(name)) wrong(member(path, name), `unknown field${hint(name, known)}`)
      }
      return value
    },
    truth(value, path) {
      return typeof value === 'boolean' ? value : wrong(path, `must be true or false, not ${nameOf(value)}`)
    },
    list(value, path, read) {
      if (!Array.isArray(value)) {
        wrong(path, `must be a list, not ${nameOf(value)}`)
        return []
      }
      return value.flatMap((one: unknown, i) => {
        const found = read(one, item(path, i))
        return found === undefined ? [] : [found]
      })
    },
    optional(of, name, path, read) {
      return Object.hasOwn(of, name) ? read(of[name], member(path, name)) : undefined
    },
    oneOf(value, path, allowed) {
      const found = allowed.find((one) => one === value)
      if (found !== undefined) return found
      return wrong(path, `${JSON.stringify(value)} is not allowed${hint(String(value), allowed)}`)
    },
  }
}
