import { textOf } from '../functions/core/metrics/text.ts'
import type { Metrics } from '../functions/core/metrics.ts'

/** All numbers, as a scraper hears them; a series that is new it hears as 0 the first time. */
export function scraped({ series }: Pick<Metrics, 'series'>): string {
  textOf(series)
  return textOf(series)
}
