import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RuleFile } from '../core/rule.ts'
import { anyList, number, object, parseJson, text } from '../core/shape.ts'

/**
 * The compiled rules in a directory's `*.json`; none when there is no directory. Throws an Error that names the file
 * when one holds something else: better no bot of these rules than a bot that forgets some.
 */
export function readRules(directory: string): RuleFile[] {
  return filesIn(directory)
    .filter((name) => name.endsWith('.json'))
    .map((name) => readRuleFile(join(directory, name)))
}

function filesIn(directory: string): string[] {
  try {
    return readdirSync(directory)
  } catch (error) {
    if (isAbsence(error)) return []
    throw error
  }
}

function readRuleFile(path: string): RuleFile {
  const file = shape(parseJson(readFileSync(path, 'utf8')))
  if (!file) throw new Error(`${path} is no file of compiled rules`)
  // The event-controller wrote and checked each rule, and content-addressed ConfigMaps cannot be changed.
  return file as RuleFile
}

const shape = object<{ binding: string; priority: number; rules: unknown[] }>(
  { binding: text, priority: number, rules: anyList },
  'binding',
  'priority',
  'rules',
)

const isAbsence = (error: unknown) => error instanceof Error && 'code' in error && error.code === 'ENOENT'
