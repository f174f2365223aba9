export type Labels = Readonly<Record<string, string>>

export interface Counter {
  /** Adds `by` (default 1). */
  add(labels?: Labels, by?: number): void
}

export interface Gauge {
  set(value: number, labels?: Labels): void
}

export interface Histogram {
  observe(value: number, labels?: Labels): void
}

export interface Metrics {
  /** `name` ends in `_total`. */
  counter(name: string, help: string): Counter
  gauge(name: string, help: string): Gauge
  /** `bounds` are upper limits, ascending, in the unit that the name says; +Inf is added. */
  histogram(name: string, help: string, bounds?: readonly number[]): Histogram
  /** All of them in Prometheus' text format, version 0.0.4. */
  text(): string
}

/** Seconds. From what a warm answer takes to the 50 s after which a reply token is not trusted any more. */
export const secondsBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 50] as const

interface Family {
  readonly name: string
  readonly head: string
  readonly lines: () => string[]
}

/** Numbers in memory, each named once. A label's values must be few: every combination is kept for ever. */
export function makeMetrics(): Metrics {
  const families: Family[] = []
  const add = (type: string, name: string, help: string, lines: () => string[]) =>
    families.push({ name, head: `# HELP ${name} ${help}\n# TYPE ${name} ${type}`, lines })
  return {
    counter(name, help) {
      const values = new Map<string, number>()
      add('counter', name, help, () => samples(name, values))
      return { add: (labels, by = 1) => void values.set(keyOf(labels), (values.get(keyOf(labels)) ?? 0) + by) }
    },
    gauge(name, help) {
      const values = new Map<string, number>()
      add('gauge', name, help, () => samples(name, values))
      return { set: (value, labels) => void values.set(keyOf(labels), value) }
    },
    histogram(name, help, bounds = secondsBounds) {
      const series = new Map<string, Spread>()
      add('histogram', name, help, () => [...series].flatMap(([key, spread]) => spreadLines(name, key, spread, bounds)))
      return { observe: (value, labels) => observe(series, keyOf(labels), value, bounds) }
    },
    text: () => `${families.flatMap(({ head, lines }) => [head].concat(lines())).join('\n')}\n`,
  }
}

interface Spread {
  readonly counts: number[]
  sum: number
  count: number
}

function observe(series: Map<string, Spread>, key: string, value: number, bounds: readonly number[]): void {
  const spread = series.get(key) ?? { counts: bounds.map(() => 0), sum: 0, count: 0 }
  series.set(key, spread)
  bounds.forEach((bound, index) => {
    if (value <= bound) spread.counts[index] = (spread.counts[index] ?? 0) + 1
  })
  spread.sum += value
  spread.count += 1
}

function spreadLines(name: string, key: string, spread: Spread, bounds: readonly number[]): string[] {
  const bucket = (bound: string) => braces([key, `le="${bound}"`].filter((part) => part !== '').join(','))
  return [
    ...bounds.map((bound, index) => `${name}_bucket${bucket(String(bound))} ${spread.counts[index] ?? 0}`),
    `${name}_bucket${bucket('+Inf')} ${spread.count}`,
    `${name}_sum${braces(key)} ${spread.sum}`,
    `${name}_count${braces(key)} ${spread.count}`,
  ]
}

const samples = (name: string, values: ReadonlyMap<string, number>) =>
  [...values].map(([key, value]) => `${name}${braces(key)} ${value}`)

const braces = (key: string) => (key === '' ? '' : `{${key}}`)

/** The labels as they are written, which also tells one series from another; give them in one order. */
const keyOf = (labels: Labels = {}) =>
  Object.entries(labels)
    .map(
      ([name, value]) => `${name}="${value.replace(/[\\"\n]/g, (found) => (found === '\n' ? '\\n' : `\\${found}`))}"`,
    )
    .join(',')
