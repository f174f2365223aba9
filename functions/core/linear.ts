/**
 * Compiles a user's pattern so that matching takes time linear in the text. It is to be tried on normalised text; the
 * pattern is folded likewise. Throws `RegexRefused` (core/pattern.ts) with a hint.
 */
export type LinearRegex = (pattern: string) => LinearPattern

export interface LinearPattern {
  test(text: string): boolean
  exec(text: string): RegExpExecArray | null
}
