import { parseArgs } from 'node:util'
import { group } from '../core/names.ts'
import { type Command, done, type Ended, misused, refused } from './command.ts'
import { readObjects } from './documents.ts'
import { type Fault, faultsFrom, isOurs, judge, lineOf } from './faults.ts'
import { deeperIn, textsAt } from './files.ts'
import { lineFrom, refusedByLine } from './live.ts'
import { notesOn } from './validate/notes.ts'

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
 * One line for each problem, as `FILE:LINE:COLUMN: KIND NAME: PATH: MESSAGE`; where there is none, one for each note.
 * Kinds of others are passed over.
 * Rejects where LINE is to be asked and cannot be.
 */
export async function validate(files: readonly File[], line?: Parameters<typeof refusedByLine>[0]): Promise<Ended> {
  const sources = files.flatMap(({ name, text }) => readObjects(text).map((document) => ({ name, document })))
  const ours = judge(sources)
  const found: Fault[] = []
  for (const { source, faults } of ours) {
    const byLine = line ? await refusedByLine(line, source.document.value, faults) : []
    found.push(...faults, ...faultsFrom(source, byLine))
  }
  if (found.length > 0) return { code: 1, out: found.map(lineOf).join('\n') }
  if (ours.length === 0) return refused(`nothing of ${group} in ${files.map(({ name }) => name).join(', ')}`)
  const notes = new Set(notesOn(sources).map(lineOf))
  return done([...notes, `${ours.length} checked, nothing wrong`].join('\n'))
}
