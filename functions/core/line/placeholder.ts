/** A piece of a textV2 as LINE reads it: a `{key}`, a brace that stands alone, or text (`{{` and `}}` among it). */
export type Piece = { readonly source: string } & ({ readonly key: string } | { readonly stray: true } | object)

const piece = /\{\{|\}\}|\{([^{}]*)\}|[{}]|[^{}]+/g

export const piecesOf = (text: string): Piece[] =>
  Array.from(text.matchAll(piece), ([source, key]) => {
    if (key !== undefined) return { source, key }
    return source === '{' || source === '}' ? { source, stray: true } : { source }
  })

/** Names of placeholders. */
export const keyForm = /^[0-9A-Za-z_]{1,20}$/
