import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { parseArgs } from 'node:util'
import { readerOfUser } from './cluster.ts'
import { type Command, type Ended, misused } from './command.ts'
import { inWords } from './files.ts'
import { type TestFile, testFilesAt } from './test/files.ts'
import { deployedIn, fromFiles, type Give } from './test/given.ts'
import { junit } from './test/junit.ts'
import { type FileReport, failedIn, report } from './test/report.ts'
import { runFile } from './test/run.ts'

export const command: Command = {
  usage: 'test FILE… [--junit FILE] [--cluster [--bot [NAMESPACE/]NAME]]',
  summary:
    'Has the conversations of YAML test files with their bots, by the engine that bots run and with no cluster; of a folder, all test files in it. Ends with 0 all passed, 1 some failed, 2 a file is missing or not understood. --junit writes the results for a CI server too. --cluster takes the rules and settings that the Bot’s latest ready Revision mounts, in place of the test’s resources (of the namespace of kubectl’s context, unless --bot names one), and where LINE is the stand-in of npm start, plays each step with one certain answer end to end too.',
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { junit: { type: 'string' }, cluster: { type: 'boolean', default: false }, bot: { type: 'string' } },
    })
    const { cluster, bot } = values
    if (positionals.length === 0 || (bot !== undefined && !cluster)) return misused(command.usage)
    const started = performance.now()
    const files = filesAt(positionals)
    if ('err' in files) return files
    if (files.length === 0) return { code: 2, err: `no conversation tests in ${positionals.join(', ')}` }
    const reports = await runAll(
      files,
      cluster ? deployedIn(await readerOfUser(), bot, process.env['LINEBOT_LOCAL']) : fromFiles(),
    )
    const ended = endedWith(reports, performance.now() - started)
    const wrong = values.junit === undefined ? undefined : write(values.junit, junit(reports))
    return wrong === undefined
      ? ended
      : { ...ended, code: 2, err: [...(ended.err ? [ended.err] : []), wrong].join('\n') }
  },
}

function filesAt(paths: readonly string[]): TestFile[] | { code: 2; err: string } {
  try {
    return testFilesAt(paths)
  } catch (error) {
    return { code: 2, err: sentence(error) }
  }
}

/** Why it could not; nobody loses a report for it. */
function write(file: string, text: string): string | undefined {
  try {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
    return undefined
  } catch (error) {
    return `--junit: ${sentence(error)}`
  }
}

const sentence = (error: unknown) => inWords(error) ?? (error instanceof Error ? error.message : String(error))

async function runAll(files: readonly TestFile[], give: Give): Promise<FileReport[]> {
  const reports: FileReport[] = []
  for (const file of files) reports.push(...(await runFile(file, give)))
  return reports
}

function endedWith(reports: readonly FileReport[], ms: number): Ended {
  const text = report(reports, ms)
  if (reports.some(({ faults }) => faults.length > 0)) return { code: 2, err: text }
  return reports.some((one) => failedIn(one).length > 0) ? { code: 1, out: text } : { code: 0, out: text }
}
