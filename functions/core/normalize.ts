/** ASCII, kana, Han and Hangul syllables, which NFKC leaves alone: nearly all that is written, at a tenth of the cost. */
const plain = /^[\t-\r -~\u3041-\u3096\u30a1-\u30fa\u30fc\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3]*$/
const oddSpace = /[^\S ]|  /
/** Soft hyphen, zero-width space and joiners, direction marks, variation selectors (the form of an emoji or a Han), BOM. */
const invisible =
  /[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]|\u034f|[\ufe00-\ufe0f]|[\u{e0100}-\u{e01ef}]/gu
/** What a keyboard puts in for its user, and Thai vowels and tones that look the same in another order. */
const lookalike = /[‘’ʼ“”〜]|เเ|\u0e4d[\u0e48-\u0e4b\u0e4d]+/g
const writtenFor: ReadonlyMap<string, string> = new Map([
  ['‘', "'"],
  ['’', "'"],
  ['ʼ', "'"],
  ['“', '"'],
  ['”', '"'],
  ['〜', '~'],
  ['เเ', 'แ'],
])

/**
 * Makes equal what people do not tell apart when they write: full and half width, composed and decomposed, upper and
 * lower case, curly and straight quotes, what cannot be seen, and how much white space of which kind stands somewhere
 * (a phone's keyboard adds one space or two, Japanese ones a wide one). Line breaks become a space too.
 */
export function fold(text: string): string {
  const composed = compose(text)
  return oddSpace.test(composed) ? composed.replace(/\s+/g, ' ') : composed
}

/** As `fold`, without the surrounding space. Keywords are compared in this form; doing it twice changes nothing. */
export const normalize = (text: string): string => fold(text).trim()

const dashBehindKana = /(?<=[ぁ-ゖァ-ヺ])[-‐–—―−]/g

/**
 * Katakana as hiragana, and a dash behind them as ー, for normalised text: which of the two a word is written in is no
 * typing error. The few katakana that have no hiragana stay.
 */
export const foldKana = (text: string): string =>
  /[ァ-ヶヽヾ]|[ぁ-ゖ][-‐–—―−]/.test(text)
    ? text
        .replace(dashBehindKana, 'ー')
        .replace(/[ァ-ヶヽヾ]/g, (kana) => String.fromCharCode(kana.charCodeAt(0) - 0x60))
    : text

function compose(text: string): string {
  if (plain.test(text)) return text.toLowerCase()
  const composed = text.replace(invisible, '').normalize('NFKC').toLowerCase()
  // Twice, because what is replaced and lower case may leave marks in an order that is not NFKC's.
  return composed.replace(lookalike, (found) => writtenFor.get(found) ?? toneFirst(found)).normalize('NFKC')
}

/** As NFKC leaves a tone before SARA AM, whose ring it takes apart: the ring has the highest of their code points. */
const toneFirst = (marks: string) => Array.from(marks).toSorted().join('')
