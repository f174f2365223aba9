import { isObject, type Json } from '../../core/shape.ts'
import { same } from './thing.ts'

/** RFC 7386: null takes away, maps are merged, everything else is replaced. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch
  const merged = new Map(isObject(target) ? Object.entries(target) : [])
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) merged.delete(name)
    else merged.set(name, mergePatch(merged.get(name), value))
  }
  return Object.fromEntries(merged)
}

/** Kubernetes' own for core kinds. Of its directives kubectl sends those that say how lists are ordered: not needed. */
export const strategicPatch = (target: unknown, patch: unknown): unknown => mergePatch(target, withoutDirectives(patch))

const withoutDirectives = (patch: unknown): unknown =>
  isObject(patch)
    ? Object.fromEntries(
        Object.entries(patch)
          .filter(([name]) => !name.startsWith('$'))
          .map(([name, value]) => [name, withoutDirectives(value)]),
      )
    : patch

/** RFC 6902. Throws a sentence where an operation does not fit. */
export function jsonPatch(target: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch)) throw new Error('a JSON patch is a list')
  return patch.reduce<unknown>((value, operation) => operate(value, isObject(operation) ? operation : {}), target)
}

function operate(target: unknown, { op, path, from, value }: Json): unknown {
  const to = pointer(path)
  switch (op) {
    case 'add':
      return placed(target, to, () => value, true)
    case 'replace':
      return placed(target, to, () => value, false)
    case 'remove':
      return taken(target, to)
    case 'test':
      if (!same(read(target, to) ?? null, value)) throw new Error(`testing value ${path} failed`)
      return target
    case 'move':
      return placed(taken(target, pointer(from)), to, () => read(target, pointer(from)), true)
    case 'copy':
      return placed(target, to, () => read(target, pointer(from)), true)
    default:
      throw new Error(`unknown operation ${String(op)}`)
  }
}

function pointer(text: unknown): string[] {
  if (typeof text !== 'string' || (text !== '' && !text.startsWith('/'))) throw new Error('a path begins with /')
  return text
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
}

const read = (target: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((value, name) => {
    if (Array.isArray(value)) return value[Number(name)]
    return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined
  }, target)

function placed(target: unknown, [name, ...rest]: readonly string[], value: () => unknown, insert: boolean): unknown {
  if (name === undefined) return value()
  if (Array.isArray(target)) {
    const index = name === '-' ? target.length : Number(name)
    if (!(index <= target.length) || (!insert && index === target.length)) throw new Error(`no item ${name}`)
    return rest.length === 0
      ? target.toSpliced(index, insert ? 0 : 1, value())
      : target.with(index, placed(target[index], rest, value, insert))
  }
  if (!isObject(target)) throw new Error(`missing path ${name}`)
  if ((rest.length > 0 || !insert) && !Object.hasOwn(target, name)) throw new Error(`missing value ${name}`)
  return { ...target, [name]: placed(target[name], rest, value, insert) }
}

function taken(target: unknown, [name, ...rest]: readonly string[]): unknown {
  if (read(target, name === undefined ? [] : [name]) === undefined || name === undefined) {
    throw new Error(`unable to remove nonexistent key: ${name}`)
  }
  if (Array.isArray(target)) {
    const index = Number(name)
    return rest.length === 0 ? target.toSpliced(index, 1) : target.with(index, taken(target[index], rest))
  }
  if (!isObject(target)) throw new Error(`missing path ${name}`)
  if (rest.length > 0) return { ...target, [name]: taken(target[name], rest) }
  return Object.fromEntries(Object.entries(target).filter(([one]) => one !== name))
}
