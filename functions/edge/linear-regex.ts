import type { LinearRegex } from '../core/linear.ts'
import { foldPattern, RegexRefused } from '../core/pattern.ts'

let enabled = false

/**
 * V8's linear engine, which no pattern can make hang. Its flag is set by the first pattern: at start it costs 9 ms,
 * here nothing, and most bots have no pattern.
 */
export const linearRegex: LinearRegex = (pattern) => {
  // Not an import: loading node:v8 would cost every cold start 3 ms.
  if (!enabled) process.getBuiltinModule('node:v8').setFlagsFromString('--enable-experimental-regexp-engine')
  enabled = true
  const folded = foldPattern(pattern)
  try {
    // oxlint-disable-next-line no-invalid-regexp -- V8's own flag
    return new RegExp(folded, 'l')
  } catch (error) {
    throw refusal(error)
  }
}

function refusal(error: unknown): unknown {
  if (!(error instanceof SyntaxError) || error.message.startsWith('Invalid flags')) return error
  const because = error.message.slice(error.message.lastIndexOf(': ') + 2)
  if (because !== 'Cannot be executed in linear time') return new RegexRefused(`not a regular expression: ${because}`)
  return new RegexRefused(
    'no linear time: a count goes up to 16, nested counts multiplied, as in {1,16}; where more may follow write + or *',
  )
}
