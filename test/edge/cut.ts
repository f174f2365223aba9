import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

/** The URL of a server that hangs up in the middle of every answer's body. */
export async function cutting(status: number): Promise<string> {
  const server = http.createServer((request, response) => {
    response.writeHead(status, { 'content-length': 10 }).write('cut', () => request.socket.destroy())
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => void server.close())
  // A listening TCP server's address is never a pipe's name.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
