import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * What a pod is by nature: it ends when its node does, and is reached by nobody but the cluster. The end of stdin is
 * the end of the one that held its other end, however that came.
 */
const source = `
process.stdin.once('end', () => process.exit(0)).once('error', () => process.exit(0)).resume().unref()
const { Server } = require('node:net')
const { listen } = Server.prototype
Server.prototype.listen = function (where, ...rest) {
  const options = typeof where === 'object' ? where : { port: Number(where) }
  return listen.call(this, { host: '127.0.0.1', ...options }, ...rest)
}
`

/** Node's options that make a process a pod of this machine; the program itself is as in the image. */
export function podOptions(directory: string): string[] {
  const file = join(directory, 'pod.cjs')
  writeFileSync(file, source)
  return ['--require', file]
}
