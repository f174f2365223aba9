import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A directory with these files, gone when its scope ends. */
export function directoryOf(files: Readonly<Record<string, string>>) {
  const path = mkdtempSync(join(tmpdir(), 'linebot-'))
  const write = (name: string, content: string) => writeFileSync(join(path, name), content)
  for (const [name, content] of Object.entries(files)) write(name, content)
  return { path, write, [Symbol.dispose]: () => rmSync(path, { recursive: true }) }
}
