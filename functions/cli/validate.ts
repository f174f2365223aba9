import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { compile } from '../core/compile.ts'
import { apiVersion, group } from '../core/names.ts'
import type { Problem } from '../core/problem.ts'
import { check } from '../core/schema/check.ts'
import { kindNames } from '../core/schema/crd.ts'
import { hint } from '../core/schema/nearest.ts'
import { isObject, type Json } from '../core/schema/path.ts'
import { linearRegex } from '../edge/linear-regex.ts'
import { type Command, done, type Ended, misused, refused } from './command.ts'
import { type Read, readDocuments } from './documents.ts'
import { filesAt } from './files.ts'
import { lineFrom, refusedByLine } from './live.ts'

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
    const names = positionals.flatMap((name) => (name === '-' ? [name] : filesAt(name)))
    if (names.length === 0) return refused(`no YAML file in ${positionals.join(', ')}`)
    const files = names.map((name) => ({ name, text: readFileSync(name === '-' ? 0 : name, 'utf8') }))
    return await validate(files, line)
  },
}

interface File {
  readonly name: string
  readonly text: string
}

/**
 * One line for each problem, as `FILE:LINE:COLUMN: KIND NAME: PATH: MESSAGE`. Kinds of others are passed over.
 * Rejects where LINE is to be asked and cannot be.
 */
export async function validate(files: readonly File[], line?: Parameters<typeof refusedByLine>[0]): Promise<Ended> {
  const documents = files.flatMap(({ name, text }) => readDocuments(text).map((read) => ({ name, ...read })))
  const ours = documents.filter(({ value, errors }) => errors.length > 0 || isOurs(value))
  const problems: string[] = []
  for (const document of ours) problems.push(...(await judge(document, line)))
  if (problems.length > 0) return { code: 1, out: problems.join('\n') }
  if (ours.length === 0) return refused(`nothing of ${group} in ${files.map(({ name }) => name).join(', ')}`)
  return done(`${ours.length} checked, nothing wrong`)
}

async function judge(
  { name, value, errors, positionOf }: Read & { readonly name: string },
  line: Parameters<typeof refusedByLine>[0] | undefined,
): Promise<string[]> {
  if (errors.length > 0) return errors.map((one) => `${name}:${one.line}:${one.column}: ${one.message}`)
  const known = problemsOf(value)
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

/** What the API server would refuse, and, of an Event that it would take, what its status would say. */
export function problemsOf(value: unknown): Problem[] {
  if (!isObject(value)) return []
  const kind = kindNames.find((known) => known === value.kind)
  if (kind === undefined)
    return [{ path: 'kind', message: `no kind of ${apiVersion}${hint(String(value.kind), kindNames)}` }]
  if (kind !== 'Event') return checkedProblems(check(kind, value))
  const checked = check(kind, value)
  if (checked.ok) return compile(checked.value, linearRegex).problems
  return [...checked.problems, ...besides(value, checked.problems)]
}

/** What the status would say of the other rules, had the API server taken the Event. */
function besides(event: Json, known: readonly Problem[]): Problem[] {
  const { spec } = event
  if (!isObject(spec) || !Array.isArray(spec.rules)) return []
  const rules = spec.rules.map((rule: unknown, index) => ({ rule, path: `spec.rules[${index}]` }))
  const sound = rules.filter(({ path }) => !known.some((one) => one.path.startsWith(path)))
  const checked = check('Event', { ...event, spec: { ...spec, rules: sound.map(({ rule }) => rule) } })
  if (!checked.ok) return []
  return compile(checked.value, linearRegex).problems.map((problem) => ({
    ...problem,
    path: problem.path.replace(/^spec\.rules\[(\d+)\]/, (written, at) => sound[Number(at)]?.path ?? written),
  }))
}

const checkedProblems = (checked: { ok: true } | { ok: false; problems: Problem[] }) =>
  checked.ok ? [] : checked.problems
