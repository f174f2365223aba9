import { fold } from './normalize.ts'

/** Code points. Time is linear in the text, but also grows with the pattern; the schema's limit of a keyword. */
const maxLength = 300

/** A pattern that we do not run. The message says why, and what to write instead. */
export class RegexRefused extends Error {
  override readonly name = 'RegexRefused'
}

const tokens = new RegExp(
  [
    String.raw`(?<code>\\x[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4})`,
    String.raw`(?<escape>\\[^])`,
    String.raw`(?<group>\(\?(?:<[^=!>\]][^>\]]*>|<?[=!]|[a-z-]*[:)]))`,
    String.raw`(?<syntax>\{\d+(?:,\d*)?\}|[\\^$.*+?()[\]{}|-])`,
    String.raw`(?<literal>[^\\^$.*+?()[\]{}|-]+)`,
  ].join('|'),
  'gu',
)

/** Patterns have no flags here, so these would mean something else than their writer thinks, or nothing at all. */
const refusedEscapes: readonly (readonly [RegExp, (token: string) => string])[] = [
  [/^\\[pP]$/, (token) => `${token}{…} is not known: name the characters, as in [a-z] or [ぁ-ん]`],
  [/^\\[ux]$/, (token) => `${token} needs its digits, as in \\x20 or \\u3000: or write the character itself`],
  [/^\\[1-9k]$/, (token) => `${token} is a back-reference, which has no linear time: repeat the part itself`],
  [/^\\[AaZzG]$/, (token) => `${token} is not known: ^ is the beginning and $ the end of the message`],
  [/^\\[^bBcdDfnrsStvwW0]$/, (token) => `${token} is not known: leave the backslash out`],
]

/**
 * The pattern as it has to be for normalised text: its literals folded as the text is (so `Ｒathalos` finds
 * "RATHALOS"), its syntax kept. Throws `RegexRefused` for what the linear engine would silently take for something
 * else; what it refuses itself is for the caller to say.
 */
export function foldPattern(pattern: string): string {
  if ([...pattern].length > maxLength) throw new RegexRefused(`longer than ${maxLength} characters: split it`)
  let inClass = false
  let negated = false
  let behindSpace = false
  let folded = ''
  for (const { groups = {}, 0: token, index } of pattern.matchAll(tokens)) {
    if (token === '[' && !inClass) negated = pattern[index + 1] === '^'
    if (token === '[') inClass = true
    if (token === ']') inClass = false
    const part = partFor(token, groups, inClass, inClass && negated)
    folded += behindSpace && !inClass ? part.replace(spaceFirst, '(?:$&?)') : part
    // What is repeated is there at least once.
    behindSpace = !inClass && (spaceLast.test(part) || (behindSpace && token === '+'))
  }
  return folded
}

/** Text never has two spaces in a row, so the second one of `\r\n` or `\s\s` may be missing. */
const spaceFirst = /^(?: |\\ |\\s)/
const spaceLast = /(?: |\\s)$/

function partFor(token: string, groups: Partial<Record<string, string>>, inClass: boolean, negated: boolean): string {
  if (groups['code'] !== undefined) return literal(String.fromCharCode(Number.parseInt(token.slice(2), 16)), inClass)
  // [^\n] is written for anything: it must not become anything but a space.
  if (groups['escape'] !== undefined) return !negated && /^\\[fnrtv]$/.test(token) ? ' ' : escape(token)
  if (groups['group'] !== undefined) return inClass ? token : group(token)
  return groups['literal'] === undefined ? token : literal(token, inClass)
}

function escape(token: string): string {
  // A letter after the backslash is a command; anything else stands for itself.
  if (!/^\\[0-9A-Za-z]$/.test(token)) return /^\\[ -~]$/.test(token) ? token : literal(token.slice(1), false)
  for (const [refused, hint] of refusedEscapes) if (refused.test(token)) throw new RegexRefused(hint(token))
  return token
}

function group(token: string): string {
  if (/[=!]$/.test(token)) {
    throw new RegexRefused(`${token}…) looks around, which has no linear time: match the part, or write two rules`)
  }
  const whole = token.endsWith(')') ? token : `${token}…)`
  if (/^\(\?[a-z]*i/.test(token)) throw new RegexRefused(`${whole}: leave it out, case is always ignored`)
  if (token.endsWith(')')) throw new RegexRefused(`${whole}: a pattern has no flags, leave it out`)
  return token
}

function literal(text: string, inClass: boolean): string {
  const folded = fold(text)
  if (!inClass) return quote(folded).replace(/[\u{10000}-\u{10ffff}]/gu, '(?:$&)')
  if (/[\u{10000}-\u{10ffff}]/u.test(folded)) {
    throw new RegexRefused(`${text} inside […] would be taken for halves of characters: write (?:😀|😁), not [😀😁]`)
  }
  if (folded.length > text.length) {
    throw new RegexRefused(`${text} stands for ${folded}, which […] cannot hold: write (?:${folded}|…)`)
  }
  return quote(folded)
}

/** Folding can bring forth syntax (a full-width bracket becomes a bracket), which is meant literally. */
const quote = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`)

/**
 * The longest text that must occur wherever the folded pattern matches; empty when none is certain. Looking for it
 * first saves nearly all of the compiling and matching: a message concerns few of a bot's patterns.
 */
export function requiredText(folded: string): string {
  let depth = 0
  let inClass = false
  const runs: string[] = []
  for (const { groups = {}, 0: token, index } of folded.matchAll(tokens)) {
    if (inClass) inClass = token !== ']'
    else if (token === '[') inClass = true
    else if (groups['group'] !== undefined || token === '(') depth++
    else if (token === ')') depth--
    else if (token === '|' && depth === 0) return ''
    else if (depth === 0 && groups['literal'] !== undefined) runs.push(certain(token, folded[index + token.length]))
  }
  return runs.reduce((longest, run) => (run.length > longest.length ? run : longest), '')
}

/** A quantifier speaks of the last character, which may then be missing. */
const certain = (run: string, next: string | undefined) => (/[*?{]/.test(next ?? '') ? run.slice(0, -1) : run)
