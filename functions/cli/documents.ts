import {
  type Alias,
  type CollectionTag,
  type Document,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  parseAllDocuments,
  type Scalar,
  type ScalarTag,
  type Tags,
  visit,
} from 'yaml'
import { isObject, type Json } from '../core/shape.ts'

/** A place in a file, both from 1. */
export interface Position {
  readonly line: number
  readonly column: number
}

export interface Read {
  /** What the document says, as kubectl would read it. */
  readonly value: unknown
  /** What is wrong with it as YAML. */
  readonly errors: readonly (Position & { readonly message: string })[]
  /** What is YAML, and probably not what was meant. */
  readonly odd: readonly (Position & { readonly message: string })[]
  /** Where the value of a path such as `spec.rules[0].reply` stands, or the nearest thing around it. */
  positionOf(path: string): Position
}

/** A document or object, and the file that it is in. */
export interface Source {
  readonly name: string
  readonly document: Read
}

/**
 * kubectl reads YAML 1.1, where `yes` and `n` are booleans; it takes times, 1:30 and what has no digit before its
 * exponent (`E3`) for strings, as written.
 */
const asKubectl = {
  version: '1.1',
  customTags: (tags: Tags) =>
    tags
      .filter((tag) => typeof tag === 'string' || !('format' in tag && tag.format === 'TIME'))
      .filter((tag) => typeof tag === 'string' || tag.tag !== 'tag:yaml.org,2002:timestamp')
      .map((tag) => (typeof tag === 'string' ? tag : withDigits(tag))),
} as const

/** The parser's numbers may be without digits, and become NaN. */
function withDigits<T extends ScalarTag | CollectionTag>(tag: T): T {
  const { test } = tag
  if (!test || !['.', 'e1'].some((text) => test.test(text))) return tag
  return { ...tag, test: new RegExp(String.raw`^(?=[-+]?\.?\d)${test.source}`) }
}

/** The documents of one file that say anything. */
export function readDocuments(text: string): Read[] {
  const lines = new LineCounter()
  const documents = parseAllDocuments(text, { ...asKubectl, lineCounter: lines })
  const lost = text.indexOf('\ufffd')
  if (lost >= 0) return [unreadable(at(lines, lost))]
  return documents
    .filter((document) => !saysNothing(document) || document.errors.length > 0)
    .map((document) => ({
      ...valueOf(document, lines, text),
      odd: oddIn(document).map(placed(lines)),
      positionOf: (path) => at(lines, offsetOf(document, stepsOf(path))),
    }))
}

/** A file in another encoding, such as Big5: bytes that are not UTF-8 are read as U+FFFD, and the words around are wrong. */
const unreadable = (position: Position): Read => ({
  value: undefined,
  errors: [{ ...position, message: 'not UTF-8, or a character that was lost before (�): save the file as UTF-8' }],
  odd: [],
  positionOf: () => position,
})

/** The objects of one file; a List, as `kubectl get -o yaml` prints, is its items. */
export const readObjects = (text: string): Read[] => readDocuments(text).flatMap(objectsOf)

export const objectsOf = (read: Read): Read[] =>
  isList(read.value)
    ? read.value.items.flatMap((value, i) =>
        objectsOf({
          ...read,
          value,
          positionOf: (path) => read.positionOf(path ? `items[${i}].${path}` : `items[${i}]`),
        }),
      )
    : [read]

const isList = (value: unknown): value is Json & { readonly items: readonly unknown[] } =>
  isObject(value) && String(value.kind).endsWith('List') && Array.isArray(value.items)

function valueOf(document: Document.Parsed, lines: LineCounter, text: string): Pick<Read, 'value' | 'errors'> {
  const found = [
    ...document.errors.map(({ message, pos }) => ({
      message: message.replace(/ at line \d[^]*$/, '') + slipAt(pos[0], text),
      offset: pos[0],
    })),
    ...strangeNames(document),
    ...strayAliases(document),
  ]
  const errors = found.map(placed(lines))
  if (errors.length > 0) return { value: undefined, errors }
  try {
    return { value: document.toJS(), errors }
  } catch (error) {
    // Aliases of aliases, which would grow past all memory.
    const message = error instanceof Error ? error.message : String(error)
    return { value: undefined, errors: [placed(lines)({ message, offset: offsetOf(document, []) })] }
  }
}

/** The parser says where it lost the thread; on what a person slipped stands in the line. */
function slipAt(offset: number, text: string): string {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1).split('\n', 1)[0] ?? ''
  const slip = slips.find(([form]) => form.test(line))
  return slip === undefined ? '' : `; ${slip[1]}`
}

const slips: readonly (readonly [RegExp, string])[] = [
  [/^\s*(?:-\s+)*\w+：/, '： is full-width: write : and a space'],
  [/^\s*(?:-\s+)*\w+:[^\s/]/, 'write a space after :'],
  [
    /[:,[-]\s+[@%`]|[[,]\s*#|\[[@%`]|:\s+[^"'{,\s][^"'{,]*:\s|:\s+(?:\[.*\]|\{.*\})\s*[^\]},#\s]/,
    'a text with “: ” in it, or that begins with [, {, #, @ or %, needs quotes',
  ],
]

function oddIn(document: Document.Parsed): Wrong[] {
  const found: Wrong[] = []
  visit(document, {
    Scalar: (_, node, path) => {
      const message = oddAs(node, path.at(-1))
      if (message !== undefined) found.push({ message, offset: node.range?.[0] ?? 0 })
    },
  })
  return found
}

function oddAs({ type, value }: Scalar, parent: unknown): string | undefined {
  if (typeof value !== 'string' || (type !== 'PLAIN' && type !== 'QUOTE_SINGLE')) return undefined
  if (type === 'PLAIN' && isSeq(parent) && parent.flow && /[，、]/.test(value))
    return `${value} is one item: ， and 、 separate nothing; write a comma and a space, or put it in quotes`
  const isText = isPair(parent) && isScalar(parent.key) && parent.key.value === 'text'
  if (isText && value.includes('\\n'))
    return 'the text shows \\n as it stands: for a new line put it in double quotes, or write it as a block, after |'
  return undefined
}

interface Wrong {
  readonly message: string
  readonly offset: number
}

/** Aliases of what is nowhere before them, or of what they stand in themselves. */
function strayAliases(document: Document.Parsed): Wrong[] {
  const found: Wrong[] = []
  const wrong = ({ source, range }: Alias, why: string) =>
    found.push({ message: `*${source} ${why}; a text that begins with * needs quotes`, offset: range?.[0] ?? 0 })
  const anchors = new Set<string>()
  visit(document, {
    Node: (_, node, path) => {
      if (!isAlias(node)) return void (node.anchor && anchors.add(node.anchor))
      if (!anchors.has(node.source)) wrong(node, `stands for nothing: no &${node.source} is before it`)
      else if (path.some((one) => isCollection(one) && one.anchor === node.source)) wrong(node, 'would contain itself')
    },
  })
  return found
}

/** Mappings where a name should be, which kubectl refuses: mostly what `{{…}}` is without quotes. */
function strangeNames(document: Document.Parsed): Wrong[] {
  const found: Wrong[] = []
  visit(document, {
    Pair: (_, { key }) => {
      if (!isCollection(key) || !key.range) return
      found.push({ message: 'a text with {{…}} needs quotes: "{{…}}"', offset: key.range[0] })
    },
  })
  return found
}

const saysNothing = ({ contents }: Document.Parsed) =>
  isScalar(contents) ? contents.value === null : contents === null

const placed =
  (lines: LineCounter) =>
  ({ message, offset }: Wrong) => ({ ...at(lines, offset), message })

function at(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset)
  return { line: Math.max(line, 1), column: Math.max(col, 1) }
}

/** `spec.rules[0].labels[a.b/c]` as its steps. */
export const stepsOf = (path: string): (string | number)[] =>
  [...path.matchAll(/\[(?<index>\d+)\]|\[(?<key>[^\]]*)\]|(?<name>[^.[\]]+)/g)].map(({ groups }) =>
    groups?.index === undefined ? (groups?.key ?? groups?.name ?? '') : Number(groups.index),
  )

/** Of a mapping's member the key, because that is what is misspelt; of what is missing, what it is missing in. */
function offsetOf(document: Document.Parsed, steps: readonly (string | number)[]): number {
  const parent = steps.length > 1 ? document.getIn(steps.slice(0, -1), true) : document.contents
  const last = steps.at(-1)
  const pair = isMap(parent) ? parent.items.find(({ key }) => isScalar(key) && String(key.value) === last) : undefined
  const found = pair && isPair(pair) ? pair.key : document.getIn(steps, true)
  if (isNode(found) && found.range) return found.range[0]
  return steps.length > 0
    ? offsetOf(document, steps.slice(0, -1))
    : (document.contents?.range?.[0] ?? document.range[0])
}
