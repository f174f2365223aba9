#!/usr/bin/env node
import { nearest } from '../core/schema/nearest.ts'
import type { Command, Ended } from './command.ts'
import { inWords } from './files.ts'

const commands: Readonly<Record<string, () => Promise<Command>>> = {
  enable: async () => (await import('./enable.ts')).command,
  doctor: async () => (await import('./doctor.ts')).command,
  disable: async () => (await import('./disable.ts')).command,
  explain: async () => (await import('./explain.ts')).command,
  import: async () => (await import('./import.ts')).command,
  say: async () => (await import('./say.ts')).command,
  test: async () => (await import('./test.ts')).command,
  validate: async () => (await import('./validate.ts')).command,
}

/** Runs one command line, without the `linebot`. */
export async function run(args: readonly string[]): Promise<Ended> {
  const [name, ...rest] = args
  if (name === undefined) return { code: 2, err: await help() }
  if (name === 'help' || name === '--help' || name === '-h') return { code: 0, out: await help() }
  const command = Object.hasOwn(commands, name) ? await commands[name]?.() : undefined
  if (!command) return { code: 2, err: await unknown(name) }
  if (rest.includes('--help') || rest.includes('-h')) return { code: 0, out: describe(command) }
  try {
    return await command.run(rest)
  } catch (error) {
    const err = inWords(error) ?? (error instanceof Error ? error.message : String(error))
    return isMisuse(error) ? { code: 2, err: `${err}\n${describe(command)}` } : { code: 1, err }
  }
}

async function unknown(name: string): Promise<string> {
  const meant = nearest(name, Object.keys(commands))
  if (meant !== undefined) return `there is no command ${name}; did you mean ${meant}?`
  return `there is no command ${name}\n\n${await help()}`
}

/** What parseArgs throws. */
const isMisuse = (error: unknown) =>
  error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')

const describe = ({ usage, summary }: Command) => `usage: linebot ${usage}\n\n${summary}`

async function help(): Promise<string> {
  const all = await Promise.all(Object.values(commands).map((load) => load()))
  return ['LINE bots on Knative.', ...all.map(({ usage, summary }) => `linebot ${usage}\n  ${summary}`)].join('\n\n')
}

if (import.meta.main) {
  const { code, out, err } = await run(process.argv.slice(2))
  if (out !== undefined) console.log(out)
  if (err !== undefined) console.error(err)
  process.exitCode = code
}
