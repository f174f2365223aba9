/**
 * The little of protobuf that `kubectl create secret|configmap|namespace|serviceaccount` sends: it encodes these kinds itself and asks
 * nobody. Field numbers are those of Kubernetes' generated.proto.
 */
type Field = readonly [name: string, as: 'text' | 'bool' | 'texts' | 'bytes' | Message]
type Message = Readonly<Record<number, Field>>

const meta: Message = {
  1: ['name', 'text'],
  2: ['generateName', 'text'],
  3: ['namespace', 'text'],
  11: ['labels', 'texts'],
  12: ['annotations', 'texts'],
}

const messages: Readonly<Record<string, Message>> = {
  'v1/Secret': {
    1: ['metadata', meta],
    2: ['data', 'bytes'],
    3: ['type', 'text'],
    4: ['stringData', 'texts'],
    5: ['immutable', 'bool'],
  },
  'v1/ConfigMap': { 1: ['metadata', meta], 2: ['data', 'texts'], 3: ['binaryData', 'bytes'], 4: ['immutable', 'bool'] },
  'v1/Namespace': { 1: ['metadata', meta] },
  'v1/ServiceAccount': { 1: ['metadata', meta] },
}

const magic = Buffer.from('k8s\0')
const typeMeta: Message = { 1: ['apiVersion', 'text'], 2: ['kind', 'text'] }

/** The object in a body of `application/vnd.kubernetes.protobuf`; undefined where it is none of these. */
export function fromProtobuf(body: Buffer): Record<string, unknown> | undefined {
  if (!body.subarray(0, 4).equals(magic)) return undefined
  const envelope = [...fieldsIn(body.subarray(4))]
  const part = (number: number) => envelope.find((field) => field.number === number)?.bytes ?? Buffer.alloc(0)
  const type = decode(part(1), typeMeta)
  const message = messages[`${type['apiVersion']}/${type['kind']}`]
  return message && { ...type, ...decode(part(2), message) }
}

function decode(body: Buffer, message: Message): Record<string, unknown> {
  const found: Record<string, unknown> = {}
  for (const { number, bytes, varint } of fieldsIn(body)) {
    const [name, as] = message[number] ?? []
    if (name === undefined || as === undefined) continue
    if (as === 'text') {
      // Go writes a text that is empty; JSON leaves it out.
      if (bytes.length > 0) found[name] = bytes.toString()
    } else if (as === 'bool') found[name] = varint === 1
    else if (as === 'texts' || as === 'bytes') found[name] = Object.assign(found[name] ?? {}, entryOf(bytes, as))
    else found[name] = decode(bytes, as)
  }
  return found
}

/** One entry of a map: its key is field 1, its value field 2. */
function entryOf(body: Buffer, as: 'texts' | 'bytes'): Record<string, string> {
  const entry = new Map([...fieldsIn(body)].map(({ number, bytes }) => [number, bytes]))
  const key = entry.get(1)?.toString() ?? ''
  return { [key]: entry.get(2)?.toString(as === 'bytes' ? 'base64' : 'utf8') ?? '' }
}

interface Raw {
  readonly number: number
  readonly bytes: Buffer
  readonly varint: number
}

function* fieldsIn(body: Buffer): Generator<Raw> {
  let offset = 0
  const varint = () => {
    let value = 0
    for (let shift = 1; ; shift *= 128) {
      const byte = body[offset++]
      if (byte === undefined) throw new Error('the body ends within a number')
      value += (byte & 127) * shift
      if (byte < 128) return value
    }
  }
  while (offset < body.length) {
    const tag = varint()
    const [number, wire] = [Math.floor(tag / 8), tag % 8]
    if (wire === 0) yield { number, varint: varint(), bytes: Buffer.alloc(0) }
    else if (wire === 2) {
      const length = varint()
      offset += length
      yield { number, bytes: body.subarray(offset - length, offset), varint: 0 }
    } else throw new Error(`wire type ${wire}`)
  }
}
