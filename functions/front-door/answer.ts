import type http from 'node:http'

/** Ends the response: a status and an empty body, which is all that LINE and a Broker want. */
export function answer(response: http.ServerResponse, status: number, headers: http.OutgoingHttpHeaders = {}): void {
  response.writeHead(status, { ...headers, 'content-length': 0 }).end()
}

/** How long a sender whose body we do not read has for reading our answer. */
const lingerMs = 500

/**
 * Answers without reading on. Closing at once would reset the connection, and a sender that is still writing might
 * never see the answer; so it has a moment before it is closed. One that has sent all keeps its connection.
 */
export function answerUnread(response: http.ServerResponse, status: number): void {
  if (response.req.complete) return answer(response, status)
  response.writeHead(status, { connection: 'close', 'content-length': 0 }).flushHeaders()
  const timer = setTimeout(() => response.end(() => response.req.destroy()), lingerMs)
  response.once('close', () => clearTimeout(timer))
}
