import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { compile } from '../core/compile.ts'
import { apiVersion, group } from '../core/names.ts'
import type { Problem } from '../core/problem.ts'
import { check } from '../core/schema/check.ts'
import { kindNames } from '../core/schema/crd.ts'
import { hint } from '../core/schema/nearest.ts'
import { isObject } from '../core/schema/path.ts'
import { linearRegex } from '../edge/linear-regex.ts'
import { type Command, misused } from './command.ts'
import { readDocuments } from './documents.ts'

export const command: Command = {
  usage: 'validate FILE…',
  summary:
    'Checks Bots, Events and EventBindings in YAML files without a cluster, LINE’s limits too; - reads standard input.',
  async run(args) {
    const { positionals } = parseArgs({ args: [...args], allowPositionals: true })
    if (positionals.length === 0) return misused(command.usage)
    return validate(positionals.map((name) => ({ name, text: readFileSync(name === '-' ? 0 : name, 'utf8') })))
  },
}

interface File {
  readonly name: string
  readonly text: string
}

/** One line for each problem, as `FILE:LINE:COLUMN: KIND NAME: PATH: MESSAGE`. Kinds of others are passed over. */
export function validate(files: readonly File[]) {
  const judged = files.map(judgeFile)
  const problems = judged.flatMap((one) => one.problems)
  const checked = judged.reduce((sum, one) => sum + one.checked, 0)
  if (problems.length > 0) return { code: 1, out: problems.join('\n') } as const
  if (checked === 0)
    return { code: 1, err: `nothing of ${group} in ${files.map(({ name }) => name).join(', ')}` } as const
  return { code: 0, out: `${checked} checked, nothing wrong` } as const
}

function judgeFile({ name, text }: File): { checked: number; problems: string[] } {
  const documents = readDocuments(text)
  const ours = documents.filter(({ value, errors }) => errors.length > 0 || isOurs(value))
  const problems = ours.flatMap(({ value, errors, positionOf }) => [
    ...errors.map(({ line, column, message }) => `${name}:${line}:${column}: ${message}`),
    ...(errors.length > 0 ? [] : problemsOf(value)).map(({ path, message }) => {
      const { line, column } = positionOf(path)
      return `${name}:${line}:${column}: ${titleOf(value)}: ${path ? `${path}: ` : ''}${message}`
    }),
  ])
  return { checked: ours.length, problems }
}

export const isOurs = (value: unknown) =>
  isObject(value) && typeof value.apiVersion === 'string' && value.apiVersion.split('/')[0] === group

export function titleOf(value: unknown): string {
  if (!isObject(value)) return 'document'
  const name = isObject(value.metadata) ? value.metadata.name : undefined
  return [value.kind, name].filter((word) => typeof word === 'string').join(' ') || 'document'
}

/** What the API server would refuse, and, of an Event that it would take, what its status would say. */
export function problemsOf(value: unknown): Problem[] {
  if (!isObject(value)) return []
  const kind = kindNames.find((known) => known === value.kind)
  if (kind === undefined)
    return [{ path: 'kind', message: `no kind of ${apiVersion}${hint(String(value.kind), kindNames)}` }]
  if (kind !== 'Event') return checkedProblems(check(kind, value))
  const checked = check(kind, value)
  return checked.ok ? compile(checked.value, linearRegex).problems : checked.problems
}

const checkedProblems = (checked: { ok: true } | { ok: false; problems: Problem[] }) =>
  checked.ok ? [] : checked.problems
