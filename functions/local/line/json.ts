/** Where V8 says that JSON broke, as LINE words it. */
const placeOf = (error: unknown): string => {
  const [, line, column] = /line (\d+) column (\d+)/.exec(String(error)) ?? []
  return `line: ${line ?? '-'}, column: ${column ?? '-'}`
}

/** Parses a body, or says where it breaks. What cannot be printed again (too deep) counts as broken. */
export const parseJson = (text: string): { readonly value: unknown } | { readonly brokenAt: string } => {
  try {
    const value: unknown = JSON.parse(text)
    JSON.stringify(value)
    return { value }
  } catch (error) {
    return { brokenAt: placeOf(error) }
  }
}
