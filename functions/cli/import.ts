import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { isObject } from '../core/schema/path.ts'
import { toDocuments } from '../edge/yaml.ts'
import { type Command, type Ended, misused } from './command.ts'
import { convert, type Made } from './import/convert.ts'
import { errorsIn, type File, type Found, type Note, objectsIn } from './import/found.ts'
import { problemsOf } from './validate/problems.ts'

export const command: Command = {
  usage: 'import FILE…',
  summary:
    'Turns Bots, Events and Secrets of the 2019 prototype (line.you/v1alpha1) into ours, as YAML; what cannot be carried over is said on standard error; - reads standard input.',
  async run(args) {
    const { positionals } = parseArgs({ args: [...args], allowPositionals: true })
    if (positionals.length === 0) return misused(command.usage)
    return importFiles(positionals.map((name) => ({ name, text: readFileSync(name === '-' ? 0 : name, 'utf8') })))
  },
}

/** 1 when some object would not work: it is left out, and its problems are among what is said. */
export function importFiles(files: readonly File[]): Ended {
  const errors = errorsIn(files)
  if (errors.length > 0) return { code: 1, err: errors.join('\n') }
  const { made, notes } = convert(objectsIn(files))
  const judged = made.map((one) => ({ one, problems: problemsIn(one) }))
  const problems = judged.flatMap((one) => one.problems)
  const good = judged.filter((one) => one.problems.length === 0).map(({ one }) => one.object)
  const said = [...notes, ...problems].map(lineOf)
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

function problemsIn({ object, from }: Made): Note[] {
  if (!isObject(object) || object.kind === 'Secret') return []
  return problemsOf(object).map(({ path, message }) => ({ of: from, path: placeIn(from, path), message }))
}

/** Where in the prototype's object it stands what became the path. */
const placeIn = ({ kind }: Found, path: string): string => {
  if (kind !== 'Event') return path.replace('spec.channel.secretName', 'spec.channelSecretName')
  return path
    .replace('spec.rules', 'spec.messages')
    .replace(/\.reply.*$/, '.reply')
    .replace('.data[', '.keywords[')
}
