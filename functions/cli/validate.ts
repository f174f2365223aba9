import { parseArgs } from 'node:util'
import { group } from '../core/names.ts'
import type { Problem } from '../core/problem.ts'
import { kindNames } from '../core/schema/crd.ts'
import { isObject } from '../core/shape.ts'
import { type Command, done, type Ended, misused, refused } from './command.ts'
import { readObjects, type Source } from './documents.ts'
import { deeperIn, textsAt } from './files.ts'
import { lineFrom, refusedByLine } from './live.ts'
import { problemsOf, unwritten } from './validate/problems.ts'
import { twice } from './validate/twice.ts'

export const command: Command = {
  usage: 'validate [--live] FILE…',
  summary: [
    'Checks Bots, Events and EventBindings in YAML files without a cluster, LINE’s limits too; of a folder, the files in',
    'it; - reads standard input.',
    '--live also asks LINE about every reply, for the channel of LINE_CHANNEL_ACCESS_TOKEN, or of LINE_CHANNEL_ID and',
    'LINE_CHANNEL_SECRET. Nothing is sent to anybody.',
  ].join('\n  '),
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { live: { type: 'boolean', default: false } },
    })
    if (positionals.length === 0) return misused(command.usage)
    const line = values.live ? lineFrom(process.env) : undefined
    const files = textsAt(positionals)
    if (files.length === 0) return refused(`no YAML file in ${positionals.join(', ')}`)
    const ended = await validate(files, line)
    const deeper = deeperIn(positionals).filter(hasOurs)
    if (ended.code !== 0 || deeper.length === 0) return ended
    return { ...ended, out: `${ended.out}; not looked into: ${deeper.join(', ')}` }
  },
}

const hasOurs = (folder: string) =>
  textsAt([folder]).some(({ text }) => readObjects(text).some(({ value }) => isOurs(value)))

interface File {
  readonly name: string
  readonly text: string
}

/**
 * One line for each problem, as `FILE:LINE:COLUMN: KIND NAME: PATH: MESSAGE`. Kinds of others are passed over.
 * Rejects where LINE is to be asked and cannot be.
 */
export async function validate(files: readonly File[], line?: Parameters<typeof refusedByLine>[0]): Promise<Ended> {
  const sources = files.flatMap(({ name, text }) => readObjects(text).map((document) => ({ name, document })))
  const ours = sources.filter(({ document: { value, errors } }) => errors.length > 0 || isOurs(value))
  const again = twice(ours)
  const problems: string[] = []
  for (const source of ours) problems.push(...(await judge(source, again.get(source), line)))
  if (problems.length > 0) return { code: 1, out: problems.join('\n') }
  if (ours.length === 0) return refused(`nothing of ${group} in ${files.map(({ name }) => name).join(', ')}`)
  return done(`${ours.length} checked, nothing wrong`)
}

async function judge(
  { name, document: { value, errors, positionOf } }: Source,
  again: Problem | undefined,
  line: Parameters<typeof refusedByLine>[0] | undefined,
): Promise<string[]> {
  if (errors.length > 0) return errors.map((one) => `${name}:${one.line}:${one.column}: ${one.message}`)
  const known = [...(again ? [again] : []), ...problemsOf(value), ...unwritten(value)]
  const problems = line ? [...known, ...(await refusedByLine(line, value, known))] : known
  return problems.map(({ path, message }) => {
    const at = positionOf(path)
    return `${name}:${at.line}:${at.column}: ${titleOf(value)}: ${path ? `${path}: ` : ''}${message}`
  })
}

/** An object of a kind of ours that lacks its apiVersion too: it was meant to be one. */
export function isOurs(value: unknown): boolean {
  if (!isObject(value)) return false
  if (value.apiVersion === undefined) return kindNames.some((known) => known === value.kind)
  return typeof value.apiVersion === 'string' && value.apiVersion.split('/')[0] === group
}

export function titleOf(value: unknown): string {
  if (!isObject(value)) return 'document'
  const name = isObject(value.metadata) ? value.metadata.name : undefined
  return [value.kind, name].filter((word) => typeof word === 'string').join(' ') || 'document'
}
