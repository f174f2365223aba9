import { type Document, isMap, isScalar, parseAllDocuments, visit } from 'yaml'

/** What `config/` and `knative/` write where the image goes. */
const placeholder = 'linebot'

/** [registry[:port]/]path[:tag][@digest], as the OCI distribution specification spells it. */
const reference =
  /^(?=.{1,512}$)(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?(?::\d+)?\/)?[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@sha256:[a-f0-9]{64})?$/

export const isImage = (image: string): boolean => reference.test(image)

export interface Edit {
  /** Documents of this kind may be concerned; files without any are not even parsed. */
  readonly kind: string
  /** Says whether it has changed the document. */
  readonly change: (document: Document) => boolean
}

/**
 * Several YAML files as one, with the image in its places (every `image`, and every variable named `…_IMAGE`) and the
 * edits made. A file that no edit concerns keeps its comments and its layout to the letter.
 */
export const release = (files: readonly string[], image: string, edits: readonly Edit[] = []): string =>
  files
    .map(
      (text) =>
        `${edited(withImage(text, image), edits)
          .replace(/^---\n/, '')
          .trim()}\n`,
    )
    .join('---\n')

function edited(text: string, edits: readonly Edit[]): string {
  const concerned = edits.filter(({ kind }) => new RegExp(`\\bkind"?: ?"?${kind}\\b`).test(text))
  if (concerned.length === 0) return text
  const documents = parseAllDocuments(text)
  const changes = documents.flatMap((document) => concerned.map(({ change }) => change(document)))
  return changes.includes(true) ? documents.map((one) => one.toString({ lineWidth: 0 })).join('') : text
}

/** Changes the text and not its meaning, so that comments and layout stay as they were written. */
function withImage(text: string, image: string): string {
  const found = placeholders(text)
  return found.reduceRight((rest, [from, to]) => rest.slice(0, from) + image + rest.slice(to), text)
}

/** Definitions are long, and hold no image. */
const mayHold = /: ?"?linebot"?[\s,}]/

function placeholders(text: string): [number, number][] {
  const found: [number, number][] = []
  if (!mayHold.test(text)) return found
  for (const document of parseAllDocuments(text)) {
    visit(document, {
      Pair(_key, { key, value }, ancestors) {
        if (!isScalar(key) || !isScalar(value) || value.value !== placeholder || !value.range) return
        if (key.value !== 'image' && !(key.value === 'value' && namesImage(ancestors.at(-1)))) return
        found.push([value.range[0], value.range[1]])
      },
    })
  }
  return found
}

const namesImage = (variable: unknown) => isMap(variable) && String(variable.get('name')).endsWith('_IMAGE')
