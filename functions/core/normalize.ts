/** ASCII, kana, Han and Hangul syllables, which NFKC leaves alone: nearly all that is written, at a tenth of the cost. */
const plain = /^[\t-\r -~\u3041-\u3096\u30a1-\u30fa\u30fc\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3]*$/
const oddSpace = /[^\S ]|  /
/** Soft hyphen, zero-width space and joiner, direction marks, variation selectors (the colour of an emoji), BOM. */
const invisible = /[\u00ad\u200b\u200e\u200f\u2060\u2066-\u2069\ufeff]|\ufe0e|\ufe0f/g

/**
 * Makes equal what people do not tell apart when they write: full and half width, composed and decomposed, upper and
 * lower case, what cannot be seen, and how much white space of which kind stands somewhere (a phone's keyboard adds
 * one space or two, Japanese ones a wide one). Line breaks become a space too.
 */
export function fold(text: string): string {
  const composed = compose(text)
  return oddSpace.test(composed) ? composed.replace(/\s+/g, ' ') : composed
}

/** As `fold`, without the surrounding space. Keywords are compared in this form; doing it twice changes nothing. */
export const normalize = (text: string): string => fold(text).trim()

/**
 * Katakana as hiragana, for normalised text: which of the two a word is written in is no typing error. The few
 * katakana that have no hiragana stay.
 */
export const foldKana = (text: string): string =>
  /[ァ-ヶヽヾ]/.test(text)
    ? text.replace(/[ァ-ヶヽヾ]/g, (kana) => String.fromCharCode(kana.charCodeAt(0) - 0x60))
    : text

function compose(text: string): string {
  if (plain.test(text)) return text.toLowerCase()
  // Twice, because lower case may leave marks in an order that is not NFKC's.
  return text.replace(invisible, '').normalize('NFKC').toLowerCase().normalize('NFKC')
}
