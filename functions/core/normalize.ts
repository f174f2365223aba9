const ascii = /^[\t-\r -~]*$/
/** Soft hyphen, zero-width space and joiner, direction marks, variation selectors (the colour of an emoji), BOM. */
const invisible = /[\u00ad\u200b\u200e\u200f\u2060\u2066-\u2069\ufeff]|\ufe0e|\ufe0f/g

/**
 * Makes equal what people do not tell apart when they write: full and half width, composed and decomposed, upper and
 * lower case, what cannot be seen, and how much white space of which kind stands somewhere (a phone's keyboard adds
 * one space or two, Japanese ones a wide one). Line breaks become a space too.
 */
export function fold(text: string): string {
  return compose(text).replace(/\s+/g, ' ')
}

/** As `fold`, without the surrounding space. Keywords are compared in this form; doing it twice changes nothing. */
export const normalize = (text: string): string => fold(text).trim()

function compose(text: string): string {
  if (ascii.test(text)) return text.toLowerCase()
  // Twice, because lower case may leave marks in an order that is not NFKC's.
  return text.replace(invisible, '').normalize('NFKC').toLowerCase().normalize('NFKC')
}
