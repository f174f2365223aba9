import type { Check } from './check.ts'
import { formed } from './string.ts'

/** The forms of Flex's members (LINE's page flex-message-layout). A form with a template in it is LINE's to judge. */

const px = String.raw`\d+(?:\.\d+)?px`
const percent = String.raw`\d+(?:\.\d+)?%`
const steps = 'none|xs|sm|md|lg|xl|xxl'
const letterSizes = 'xxs|xs|sm|md|lg|xl|xxl|3xl|4xl|5xl'

const any = (words: string, ...forms: readonly string[]): Check => formed(new RegExp(`^(?:${forms.join('|')})$`), words)

/** margin, spacing, cornerRadius */
export const space = any('pixels such as 8px, or one of none, xs, sm, md, lg, xl, xxl', px, steps)
export const padding = any('8px, 5%, or one of none, xs, sm, md, lg, xl, xxl', px, percent, steps)
/** A negative one is not in LINE's reference, but moves the other way. */
export const offset = any('8px, 5%, or one of none, xs, sm, md, lg, xl, xxl', `-?${px}`, `-?${percent}`, steps)
export const length = any('pixels or a percentage, such as 80px or 50%', px, percent)
export const border = any(
  'pixels such as 1px, or one of none, light, normal, medium, semi-bold, bold',
  px,
  'none|light|normal|medium|semi-bold|bold',
)
export const letterSize = any(`pixels such as 14px, or one of ${letterSizes.replaceAll('|', ', ')}`, px, letterSizes)
export const imageSize = any(
  `80px, 50%, or one of ${letterSizes.replaceAll('|', ', ')}, full`,
  px,
  percent,
  letterSizes,
  'full',
)
export const pixels = any('pixels such as 8px', px)
export const color = any('a colour such as #00FF99 or #00FF9980', '#[0-9A-Fa-f]{6}', '#[0-9A-Fa-f]{8}')
export const angle = any('degrees from 0deg to less than 360deg', String.raw`(?:[12]?\d?\d|3[0-5]\d)(?:\.\d+)?deg`)
export const position = any('a percentage from 0% to 100%', String.raw`(?:\d?\d(?:\.\d+)?|100(?:\.0+)?)%`)

const ratioForm = formed(/^\d+(?:\.\d+)?:\d+(?:\.\d+)?$/, 'a ratio of width and height such as 20:13')

/** Each side from 1 to 100,000, and at most three times as high as wide. */
export const ratio: Check = (value, path, problems) => {
  const before = problems.length
  ratioForm(value, path, problems)
  if (problems.length > before || typeof value !== 'string' || value.includes('{{')) return
  const [wide = 0, high = 0] = value.split(':').map(Number)
  if (Math.min(wide, high) < 1 || Math.max(wide, high) > 100_000) {
    problems.push({ path, message: `${value}: both from 1 to 100000` })
  } else if (high > 3 * wide) problems.push({ path, message: `${value}: at most three times as high as wide` })
}
