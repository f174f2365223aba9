import { leastOf } from '../template.ts'
import { all, type Check } from './check.ts'
import { units } from './string.ts'

/** UTF-16 units of any URL of LINE's media. */
const maxUrl = 2000

/** What a template stands for is unknown, so it is cut out before the rest is looked at. */
const uri = (schemes: readonly string[], max: number): Check =>
  all(units(max), (value, path, problems) => {
    if (typeof value !== 'string' || value === '') return
    const written = leastOf(value, 'link')
    const odd = oddProblem(written)
    if (!value.startsWith('{{') && !schemes.some((scheme) => written.toLowerCase().startsWith(scheme))) {
      problems.push({ path, message: `must begin with ${schemes.join(' or ')}` })
    } else if (/^(?:(?:https?|line):\/\/(?:[/?#]|$)|tel:$)/i.test(value)) {
      problems.push({ path, message: `${value} leads nowhere: write what follows` })
    } else if (odd === undefined && !value.includes('{{') && !URL.canParse(value)) {
      problems.push({ path, message: noUri(value) })
    }
    if (odd !== undefined) problems.push({ path, message: odd })
  })

const noUri = (value: string) => `${value} is no URI: look at its host and port`

function oddProblem(written: string): string | undefined {
  const [odd] = /[^!-~]/u.exec(written) ?? []
  if (odd === undefined) return undefined
  const [, host = ''] = /^https?:\/\/([^/?#]*)/i.exec(written) ?? []
  if (!/[^!-~]/u.test(host)) return `write ${JSON.stringify(odd)} percent-encoded: ${encoded(odd)}`
  return URL.canParse(written) ? `write ${host} as ${new URL(written).host}` : noUri(written)
}

/** A lone half of a surrogate pair has no encoding. */
const encoded = (character: string) => (character.isWellFormed() ? encodeURIComponent(character) : '%EF%BF%BD')

const escapes: Check = (value, path, problems) => {
  const [wrong] = typeof value === 'string' ? (/%(?![0-9a-f]{2})[^{]{0,2}/i.exec(leastOf(value, 'link')) ?? []) : []
  if (wrong !== undefined)
    problems.push({ path, message: `${wrong} is no percent-encoding: a % that is meant itself is %25` })
}

export const httpsUrl: Check = all(uri(['https://'], maxUrl), escapes)
/** What an action may open; at most 1,000 UTF-16 units. */
export const openable: Check = uri(['https://', 'http://', 'line://', 'tel:'], 1000)
