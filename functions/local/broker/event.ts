import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http'
import type { Attributes } from './filter.ts'

const required = ['specversion', 'id', 'type', 'source']

/** Attributes of an event in HTTP's binary mode; undefined = it is none. */
export function attributesOf(headers: IncomingHttpHeaders): Attributes | undefined {
  const attributes = Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => name.startsWith('ce-'))
      .map(([name, value]) => [name.slice(3), String(value)]),
  )
  return required.every((name) => attributes[name]) ? attributes : undefined
}

/** What a subscriber gets to see: the event's own headers, and the Broker's; no others. */
export function passedOn(headers: IncomingHttpHeaders, namespace: string, arrived: Date): OutgoingHttpHeaders {
  const { 'content-type': type, 'ce-time': time } = headers
  return {
    ...Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('ce-'))),
    ...(typeof time === 'string' && { 'ce-time': withoutZeros(time) }),
    'ce-knativearrivaltime': arrived.toISOString(),
    ...(type !== undefined && { 'content-type': type }),
    'kn-namespace': namespace,
    prefer: 'reply',
  }
}

/** The Broker is written in Go, which writes no zeros at the end of a second's fraction. */
const withoutZeros = (time: string) => time.replace(/(\.\d*?)0+(?=Z|[+-]|$)/, '$1').replace(/\.(?=Z|[+-]|$)/, '')
