import { parseArgs } from 'node:util'
import type { Problem } from '../core/problem.ts'
import { isObject } from '../core/shape.ts'
import { toDocuments } from '../edge/yaml.ts'
import { type Command, type Ended, misused, refused } from './command.ts'
import { textsAt } from './files.ts'
import { convert, type Made } from './import/convert.ts'
import { errorsIn, type File, type Found, type Note, objectsIn } from './import/found.ts'
import { problemsOf } from './validate/problems.ts'

export const command: Command = {
  usage: 'import FILE…',
  summary:
    'Turns Bots, Events and Secrets of the 2019 prototype (line.you/v1alpha1) into ours, as YAML; what cannot be carried over, and what is left out until it is mended, is said on standard error; of a folder, the files in it; - reads standard input.',
  async run(args) {
    const { positionals } = parseArgs({ args: [...args], allowPositionals: true })
    if (positionals.length === 0) return misused(command.usage)
    const files = textsAt(positionals)
    return files.length > 0 ? importFiles(files) : refused(`no YAML file in ${positionals.join(', ')}`)
  },
}

/** 1 when something would not work: it is left out, which is said with its problems. */
export function importFiles(files: readonly File[]): Ended {
  const errors = errorsIn(files)
  if (errors.length > 0) return { code: 1, err: errors.join('\n') }
  const { made, notes } = convert(objectsIn(files))
  const judged = made.map(sound)
  const problems = judged.flatMap((one) => one.problems)
  const good = judged.flatMap(({ object }) => (object ? [object] : []))
  // A Bot's problems are its EventBinding's too.
  const said = new Set([...notes, ...problems].map(lineOf))
  const empty = made.length === 0 ? [`nothing of line.you/v1alpha1 in ${files.map(({ name }) => name).join(', ')}`] : []
  const err = [...said, ...empty].join('\n')
  return {
    code: problems.length > 0 || made.length === 0 ? 1 : 0,
    ...(good.length > 0 && { out: toDocuments(good) }),
    ...(err && { err }),
  }
}

/** As `FILE:LINE: PATH: MESSAGE`, with the path in the prototype's words. */
const lineOf = ({ of, path, message }: Note): string =>
  `${of.file}:${of.positionOf(path).line}: ${of.kind} ${of.name}: ${path}: ${message}`

/** What works of it, and what is said of the rest. */
function sound({ object, from }: Made): { object?: object; problems: Note[] } {
  const found = isObject(object) && object.kind !== 'Secret' ? problemsOf(object) : []
  if (found.length === 0) return { object, problems: [] }
  const told = found.map(({ path, message }) => ({ of: from, path: placeIn(from, path), message }))
  const { rest, bad } = withoutBadRules(object, found)
  const left = rest ? bad.toSorted((a, b) => a - b).map((i) => `spec.messages[${i}]`) : ['kind']
  const notes = left.map((path) => ({ of: from, path, message: 'left out until this is mended' }))
  return { ...(rest && { object: rest }), problems: [...told, ...notes] }
}

/** The Event with its good rules alone; nothing where none is, or where not only rules are bad. */
function withoutBadRules(object: object, problems: readonly Problem[]): { rest?: object; bad: readonly number[] } {
  const bad = [...new Set(problems.map(({ path }) => Number(/^spec\.rules\[(\d+)\]/.exec(path)?.[1] ?? Number.NaN)))]
  if (!isObject(object) || !isObject(object.spec) || !Array.isArray(object.spec.rules)) return { bad }
  const rules = object.spec.rules.filter((_, i) => !bad.includes(i))
  const rest = { ...object, spec: { ...object.spec, rules } }
  return rules.length > 0 && problemsOf(rest).length === 0 ? { rest, bad } : { bad }
}

/** Where in the prototype's object it stands what became the path. */
const placeIn = ({ kind }: Found, path: string): string => {
  if (kind !== 'Event') return path.replace('spec.channel.secretName', 'spec.channelSecretName')
  return path
    .replace('spec.rules', 'spec.messages')
    .replace(/\.reply.*$/, '.reply')
    .replace('.data[', '.keywords[')
}
