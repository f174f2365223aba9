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
    if (!value.startsWith('{{') && !schemes.some((scheme) => written.toLowerCase().startsWith(scheme))) {
      problems.push({ path, message: `must begin with ${schemes.join(' or ')}` })
    } else if (/^(?:(?:https?|line):\/\/(?:[/?#]|$)|tel:$)/i.test(value)) {
      problems.push({ path, message: `${value} leads nowhere: write what follows` })
    }
    const [odd] = /[^!-~]/u.exec(written) ?? []
    if (odd) problems.push({ path, message: `write ${JSON.stringify(odd)} percent-encoded: ${encoded(odd)}` })
  })

/** A lone half of a surrogate pair has no encoding. */
const encoded = (character: string) => (character.isWellFormed() ? encodeURIComponent(character) : '%EF%BF%BD')

export const httpsUrl: Check = uri(['https://'], maxUrl)
/** What an action may open; at most 1,000 UTF-16 units. */
export const openable: Check = uri(['https://', 'http://', 'line://', 'tel:'], 1000)
