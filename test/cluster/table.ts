/** Milliseconds that one kind of thing took. */
export interface Row {
  readonly what: string
  readonly samples: readonly number[]
}

/** The least of the samples that `percent` of them do not exceed. */
export function percentile(samples: readonly number[], percent: number): number {
  const sorted = samples.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)] ?? Number.NaN
}

/** For people, and for the README. */
export function table(rows: readonly Row[]): string {
  const cells = rows.map(({ what, samples }) => [
    what,
    ...[50, 99].map((percent) => percentile(samples, percent).toFixed(0)),
    String(samples.length),
  ])
  return [['milliseconds', 'p50', 'p99', 'n'], ['---', '--:', '--:', '--:'], ...cells]
    .map((line) => `| ${line.join(' | ')} |`)
    .join('\n')
}
