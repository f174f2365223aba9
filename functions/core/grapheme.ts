/** Latin, kana, Han and Hangul syllables, where every UTF-16 unit is a character of its own. */
const plain = /^[\x20-\x7e\u3041-\u3096\u30a1-\u30ff\u3400-\u9fff\uac00-\ud7a3\uff01-\uff5e]*$/

let segmenter: Intl.Segmenter | undefined

/** The text as a person counts it: one string for each grapheme cluster. */
export function graphemes(text: string): string[] {
  // Nearly all text is plain, and making a segmenter costs a cold start milliseconds.
  if (plain.test(text)) return text.split('')
  segmenter ??= new Intl.Segmenter()
  return Array.from(segmenter.segment(text), ({ segment }) => segment)
}

export const countGraphemes = (text: string): number => (plain.test(text) ? text.length : graphemes(text).length)
