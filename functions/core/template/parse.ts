/** What stands for itself, or the name of a value. */
export type Term = { readonly literal: string } | { readonly name: string }

export interface Applied {
  readonly filter: string
  readonly args: readonly Term[]
}

/** `{{ subject | filter: arg, arg | filter }}`, in Liquid's words. */
export interface Tag {
  readonly subject: Term
  readonly filters: readonly Applied[]
}

/** A piece of a string: as it stands in the source, and how it is to be taken. */
export type Part = { readonly source: string } & (
  | { readonly text: string }
  | { readonly tag: Tag }
  | { readonly problem: string }
)

/** Cut at its tags, in time linear in the text. A part that is a problem stands in the output as it is written. */
export function parse(text: string): Part[] {
  const parts: Part[] = []
  let at = 0
  for (let open = text.indexOf('{{'); open >= 0; open = text.indexOf('{{', at)) {
    if (open > at) parts.push(plain(text.slice(at, open)))
    const part = partAt(text, open)
    parts.push(part)
    at = open + part.source.length
  }
  if (at < text.length) parts.push(plain(text.slice(at)))
  return parts
}

const plain = (text: string): Part => ({ source: text, text })

function partAt(text: string, open: number): Part {
  if (text.startsWith('{{{', open)) {
    return { source: '{{{', problem: `{{{ is not a template; a literal { is {{'{'}}` }
  }
  const reader = readerOf(text, open + 2)
  const tag = readTag(reader)
  if (tag) return { source: text.slice(open, reader.at), tag }
  return malformed(text, open, reader.at)
}

/** What was read once is not read again, so that no text takes long. */
function malformed(text: string, open: number, at: number): Part {
  if (/['"]/.test(text.charAt(at))) {
    const source = text.slice(open)
    return { source, problem: `a string is never closed by ${text.charAt(at)}: ${short(text.slice(at))}` }
  }
  const close = text.indexOf('}}', at)
  const source = close < 0 ? text.slice(open) : text.slice(open, close + 2)
  if (close < 0) return { source, problem: `{{ is never closed by }}; a literal {{ is {{'{{'}}` }
  const rest = text.slice(at, close).trim()
  return { source, problem: `${short(source)} is not a template${rest && `: ${short(rest)} is not expected there`}` }
}

const short = (text: string) => (text.length > 40 ? `${text.slice(0, 39)}…` : text)

/** Reads one token after another; `at` is where the next one begins. */
interface Reader {
  at: number
  /** The next token if it is one of these marks. */
  readonly mark: (...marks: readonly string[]) => string | undefined
  readonly quoted: () => string | undefined
  readonly word: () => string | undefined
}

function readerOf(text: string, at: number): Reader {
  const next = (token: RegExp) => {
    token.lastIndex = reader.at
    const found = token.exec(text)
    if (found) reader.at = token.lastIndex
    return found
  }
  const reader: Reader = {
    at,
    mark: (...marks) => {
      next(/\s*/y)
      const found = marks.find((mark) => text.startsWith(mark, reader.at))
      reader.at += found?.length ?? 0
      return found
    },
    quoted: () => {
      next(/\s*/y)
      const [, single, double] = next(/'([^']*)'|"([^"]*)"/y) ?? []
      return single ?? double
    },
    word: () => {
      next(/\s*/y)
      return next(/[^\s{}|:,'"]+/y)?.[0]
    },
  }
  return reader
}

function readTag(reader: Reader): Tag | undefined {
  const subject = readTerm(reader)
  if (!subject) return undefined
  const filters: Applied[] = []
  for (;;) {
    const mark = reader.mark('}}', '|')
    if (mark === '}}') return { subject, filters }
    const filter = mark && reader.word()
    if (!filter) return undefined
    const args = reader.mark(':') ? readArgs(reader) : []
    if (!args) return undefined
    filters.push({ filter, args })
  }
}

function readArgs(reader: Reader): Term[] | undefined {
  const args: Term[] = []
  do {
    const arg = readTerm(reader)
    if (!arg) return undefined
    args.push(arg)
  } while (reader.mark(','))
  return args
}

function readTerm(reader: Reader): Term | undefined {
  const literal = reader.quoted()
  if (literal !== undefined) return { literal }
  const name = reader.word()
  if (name === undefined) return undefined
  return /^-?\d+(\.\d+)?$/.test(name) ? { literal: name } : { name }
}
