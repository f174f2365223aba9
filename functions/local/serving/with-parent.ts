import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The end of its stdin is the end of the one that held the other end, however that came. */
const source = `process.stdin.once('end', () => process.exit(0)).on('error', () => process.exit(0)).resume().unref()\n`

/** Node's options that make a process end with its parent; the program itself is as in the image. */
export function withParent(directory: string): string[] {
  const file = join(directory, 'with-parent.cjs')
  writeFileSync(file, source)
  return ['--require', file]
}
