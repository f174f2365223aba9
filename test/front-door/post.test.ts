import { once } from 'node:events'
import net from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { makeSend } from '../../functions/front-door/post.ts'

it('fails when another protocol is asked for instead of an answer', async () => {
  const server = net.createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', () => socket.write('HTTP/1.1 101 Go on\r\nconnection: upgrade\r\nupgrade: other\r\n\r\n'))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => void server.close())
  // A listening TCP server's address is never a pipe's name.
  const url = new URL(`http://127.0.0.1:${(server.address() as net.AddressInfo).port}`)
  const sending = makeSend(1_000)({ url, headers: {}, body: Buffer.from('{}'), timeoutMs: 1_000 })
  await expect(sending).rejects.toThrow('another protocol')
})
