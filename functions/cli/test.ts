import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { type Command, type Ended, misused } from './command.ts'
import { type TestFile, testFilesAt } from './test/files.ts'
import { junit } from './test/junit.ts'
import { type FileReport, failedIn, report } from './test/report.ts'
import { makeLoad, runFile } from './test/run.ts'

export const command: Command = {
  usage: 'test FILE… [--junit FILE]',
  summary:
    'Has the conversations of YAML test files with their bots, by the engine that bots run and with no cluster; of a folder, all test files in it. Ends with 0 all passed, 1 some failed, 2 a file is not understood. --junit writes the results for a CI server too.',
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { junit: { type: 'string' } },
    })
    if (positionals.length === 0) return misused(command.usage)
    const started = performance.now()
    const files = testFilesAt(positionals)
    if (files.length === 0) return { code: 2, err: `no conversation tests in ${positionals.join(', ')}` }
    const reports = await runAll(files)
    if (values.junit !== undefined) writeFileSync(values.junit, junit(reports))
    return endedWith(reports, performance.now() - started)
  },
}

async function runAll(files: readonly TestFile[]): Promise<FileReport[]> {
  const load = makeLoad()
  const reports: FileReport[] = []
  for (const file of files) reports.push(...(await runFile(file, load)))
  return reports
}

function endedWith(reports: readonly FileReport[], ms: number): Ended {
  const text = report(reports, ms)
  if (reports.some(({ faults }) => faults.length > 0)) return { code: 2, err: text }
  return reports.some((one) => failedIn(one).length > 0) ? { code: 1, out: text } : { code: 0, out: text }
}
