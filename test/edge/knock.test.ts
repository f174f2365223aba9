import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it } from 'vitest'
import { knock } from '../../functions/edge/knock.ts'
import { signedBy } from '../../functions/edge/signature.ts'
import { cutting } from './cut.ts'

it('is answered by who knows the secret as a webhook without events, and by others with 401', async () => {
  const server = http.createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const body = Buffer.concat(parts)
      const known = signedBy(body, request.headers['x-line-signature']?.toString(), ['right'])
      response.writeHead(known && JSON.parse(body.toString()).events.length === 0 ? 200 : 401).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A server that listens on TCP has such an address.
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhook/demo/hello`
  expect(await knock(url, 'right')).toBe(200)
  expect(await knock(url, 'wrong')).toBe(401)
  server.close()
  await expect(knock(url, 'right')).rejects.toThrow(/ECONN|socket/)
})

it('fails when the answer is cut', async () => {
  await expect(knock(await cutting(200), 'right')).rejects.toThrow('aborted')
})
