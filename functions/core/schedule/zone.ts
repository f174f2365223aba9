import { nearest } from '../schema/nearest.ts'
import { formatIn } from './clock.ts'

/**
 * Three letters that mean more than one zone, of which ICU picks one in silence (CST is Chicago's), and some that it
 * does not know, each with what people write them for.
 */
const shortFor: Readonly<Record<string, readonly string[]>> = {
  AST: ['America/Halifax', 'America/Anchorage', 'Asia/Riyadh'],
  BST: ['Europe/London', 'Asia/Dhaka'],
  CST: ['Asia/Taipei', 'Asia/Shanghai', 'America/Chicago'],
  EST: ['America/New_York', 'Australia/Sydney'],
  IST: ['Asia/Kolkata', 'Asia/Jerusalem', 'Europe/Dublin'],
  MST: ['America/Denver', 'America/Phoenix', 'Asia/Kuala_Lumpur'],
  PST: ['America/Los_Angeles', 'Asia/Manila'],
  SST: ['Asia/Singapore', 'Pacific/Pago_Pago'],
  HKT: ['Asia/Hong_Kong'],
  ICT: ['Asia/Bangkok'],
  KST: ['Asia/Seoul'],
  SGT: ['Asia/Singapore'],
  WIB: ['Asia/Jakarta'],
}

/** Three letters that everybody takes for the same. */
const clear: ReadonlySet<string> = new Set('UTC GMT UCT PRC ROC ROK JST HST CET EET MET WET'.split(' '))

/** What is wrong with a time zone, and what to write instead; undefined = nothing. */
export function zoneProblem(timeZone: string): string | undefined {
  const letters = timeZone.toUpperCase()
  const named = Object.hasOwn(shortFor, letters) ? shortFor[letters] : undefined
  if (!isKnown(timeZone)) return `${timeZone} is no time zone of the IANA database; ${todoFor(timeZone, named)}`
  if (!/^[A-Z]{3}$/.test(letters) || clear.has(letters)) return undefined
  return `${timeZone} stands for more than one time zone; write ${either(named ?? ['one such as Asia/Taipei'])}`
}

function isKnown(timeZone: string): boolean {
  try {
    formatIn(timeZone)
    return true
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

function todoFor(timeZone: string, named: readonly string[] | undefined): string {
  const zones = Intl.supportedValuesOf('timeZone')
  const city = `/${timeZone.replaceAll(' ', '_').toLowerCase()}`
  const meant = named
    ? either(named)
    : (zones.find((zone) => zone.toLowerCase().endsWith(city)) ?? nearest(timeZone, zones))
  return meant === undefined ? 'write one such as Asia/Taipei or UTC' : `did you mean ${meant}?`
}

const either = (zones: readonly string[]) => zones.join(', ').replace(/, ([^,]+)$/, ' or $1')
