/**
 * What a string is to LINE, by the member that holds it: a value must not become more than data there.
 * `link` may be opened by the user, `media` is loaded by LINE's app, `placeholders` is the text of a textV2, and a
 * `token` is as good as not written when it is empty.
 */
export type Place = 'text' | 'placeholders' | 'link' | 'media' | 'token'

const links: ReadonlySet<string> = new Set(['uri', 'linkUri', 'desktop'])

export function placeOf(owner: Readonly<Record<string, unknown>>, member: string): Place {
  if (owner['type'] === 'textV2' && member === 'text') return 'placeholders'
  if (member === 'quoteToken') return 'token'
  if (links.has(member)) return 'link'
  return /ur[il]$/i.test(member) ? 'media' : 'text'
}

export const isUri = (place: Place): boolean => place === 'link' || place === 'media'

/** What may be opened (LINE Developers, "URI action"), and what may be loaded. */
const schemes = {
  link: ['https://', 'http://', 'line://', 'tel:'],
  media: ['https://'],
} as const

/** What is wrong with a whole URI that began with a value; undefined = nothing. The value is not told: it is logged. */
export function uriProblem(uri: string, place: Place): string | undefined {
  const allowed = schemes[place === 'media' ? 'media' : 'link']
  if (allowed.some((scheme) => uri.toLowerCase().startsWith(scheme))) return undefined
  return `must begin with ${allowed.join(' or ')}, and the value does not`
}

/** Scheme and host with what ends them: a value that follows can change neither. */
export const isAnchored = (head: string): boolean =>
  /^(https?:\/\/[^/?#\\{}]+[/?#]|line:\/\/[^/?#\\{}]+[/?#]|tel:)/i.test(head)
