import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * What a pod is by nature: it ends when its node does, is reached by nobody but the cluster, and reaches Services by
 * their names there. The end of stdin is the end of the one that held its other end, however that came.
 */
const sourceFor = (cluster: number) => `
process.stdin.once('end', () => process.exit(0)).once('error', () => process.exit(0)).resume().unref()
const { Server } = require('node:net')
const { listen } = Server.prototype
Server.prototype.listen = function (where, ...rest) {
  const options = typeof where === 'object' ? where : { port: Number(where) }
  return listen.call(this, { host: '127.0.0.1', ...options }, ...rest)
}
const { Agent } = require('node:http')
const { createConnection } = Agent.prototype
Agent.prototype.createConnection = function (options, ...rest) {
  const inside = Number(options.port) === 80 && String(options.host).endsWith('.svc.cluster.local')
  return createConnection.call(this, inside ? { ...options, host: '127.0.0.1', port: ${cluster} } : options, ...rest)
}
`

/**
 * Node's options that make a process a pod of this machine; the program itself is as in the image. `cluster`: the port
 * where Services are by their names in the cluster.
 */
export function podOptions(directory: string, cluster: number): string[] {
  const file = join(directory, 'pod.cjs')
  writeFileSync(file, sourceFor(cluster))
  return ['--require', file]
}
