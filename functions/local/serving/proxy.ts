import http from 'node:http'

/** Passes a request on to a port of this machine, and its answer back. Rejects when there is none, or `signal` says stop. */
export const proxy = (
  request: http.IncomingMessage,
  response: http.ServerResponse,
  port: number,
  signal: AbortSignal,
): Promise<void> =>
  new Promise((resolve, reject) => {
    const { method, url, rawHeaders } = request
    const options = { host: '127.0.0.1', port, method, path: url, agent: false, signal, headers: passing(rawHeaders) }
    const onward = http.request(options, (answer) => {
      response.writeHead(answer.statusCode ?? 502, passing(answer.rawHeaders))
      answer.on('error', reject)
      answer.pipe(response)
      response.once('finish', resolve)
    })
    onward.on('error', reject)
    request.pipe(onward)
  })

const ofOneHop = new Set(['connection', 'keep-alive'])

/** As they came, repeated ones too, but for what is said from hop to hop. */
function passing(raw: readonly string[]): string[] {
  return raw.filter((_, index) => !ofOneHop.has((raw[index - (index % 2)] ?? '').toLowerCase()))
}
