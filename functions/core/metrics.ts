import { families, type LabelsOf, type Name, type NameOf, secondsBounds } from './metrics/families.ts'
import type { Labels } from './metrics/sample.ts'
import { makeSeries, type Series } from './metrics/series.ts'

export interface Counter<L> {
  /** Adds `by` (default 1). */
  add(labels?: L, by?: number): void
}

export interface Gauge<L> {
  set(value: number, labels?: L): void
}

export interface Histogram<L> {
  observe(value: number, labels?: L): void
}

/** Numbers in memory, all of families that core/metrics/families.ts knows. */
export interface Metrics {
  readonly series: Series
  counter<N extends NameOf<'counter'>>(name: N): Counter<LabelsOf<N>>
  gauge<N extends NameOf<'gauge'>>(name: N): Gauge<LabelsOf<N>>
  histogram<N extends NameOf<'histogram'>>(name: N): Histogram<LabelsOf<N>>
}

/** `whose` are labels that are added wherever a family has them. */
export function makeMetrics(whose: Labels = {}): Metrics {
  const series = makeSeries()
  const labelled = (name: Name, labels: Labels = {}): Labels =>
    Object.fromEntries(families[name].labels.map((label) => [label, labels[label] ?? whose[label]]))
  return {
    series,
    counter: (name) => ({
      add: (labels, by = 1) => void series.merge({ name, labels: labelled(name, labels), by }),
    }),
    gauge: (name) => ({
      set: (value, labels) => void series.merge({ name, labels: labelled(name, labels), value }),
    }),
    histogram: (name) => ({
      observe: (value, labels) => {
        const counts = secondsBounds.map((bound) => Number(value <= bound))
        series.merge({ name, labels: labelled(name, labels), counts, count: 1, sum: value })
      },
    }),
  }
}
