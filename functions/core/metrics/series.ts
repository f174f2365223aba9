import { type Family, families, type Name } from './families.ts'
import type { Labels, Sample } from './sample.ts'

/** Series of all families. */
export interface Series {
  /** How many were pushed; a histogram is one for each of its buckets, and two for its sum and its count. */
  readonly pushed: number
  /** Adds the sample to its series, or begins one. False = more than `most` would have been pushed. */
  merge(sample: Sample, options?: MergeOptions): boolean
  /** Gives all that there is, and forgets it. */
  take(): Sample[]
  /** Forgets the series of this type, or of all others, that were last pushed before then. */
  forget(before: number, which: 'gauges' | 'others'): void
  /**
   * As a scraper is to hear them. A series that is new is told as 0 once, or Prometheus would never see its beginning,
   * as `increase()` knows nothing of what was before a series' first value.
   */
  tell(name: Name): Told[]
}

export interface Told {
  /** As they are written, without braces. */
  readonly labels: string
  readonly sample: Sample
}

export interface MergeOptions {
  /** When it came from elsewhere; what is our own is kept for ever. */
  readonly pushedAt?: number
  readonly most?: number
}

interface One extends Told {
  sample: Sample
  pushedAt: number | undefined
  told: boolean
}

export function makeSeries(): Series {
  const all = new Map<Name, Map<string, One>>()
  let pushed = 0

  const merge = (sample: Sample, { pushedAt, most = Number.POSITIVE_INFINITY }: MergeOptions = {}): boolean => {
    const ofName = all.get(sample.name) ?? new Map<string, One>()
    const key = keyOf(families[sample.name], sample.labels)
    const one = ofName.get(key)
    if (!one && pushed + seriesIn(sample) > most) return false
    all.set(sample.name, ofName)
    if (one) {
      one.sample = sum(one.sample, sample)
      one.pushedAt = pushedAt
    } else {
      ofName.set(key, { labels: key, sample, pushedAt, told: false })
      if (pushedAt !== undefined) pushed += seriesIn(sample)
    }
    return true
  }

  return {
    get pushed() {
      return pushed
    },
    merge,
    take() {
      const samples = [...all.values()].flatMap((ofName) => [...ofName.values()].map(({ sample }) => sample))
      all.clear()
      pushed = 0
      return samples
    },
    forget(before, which) {
      for (const [name, ofName] of all) {
        if ((families[name].type === 'gauge') !== (which === 'gauges')) continue
        for (const [key, { pushedAt = before, sample }] of ofName) {
          if (pushedAt < before && ofName.delete(key)) pushed -= seriesIn(sample)
        }
      }
    },
    tell: (name) =>
      [...(all.get(name)?.values() ?? [])].map((one) => {
        const sample = one.told ? one.sample : nothing(one.sample)
        one.told = true
        return { labels: one.labels, sample }
      }),
  }
}

/** As Prometheus counts them: the buckets, +Inf's among them, sum and count. */
const seriesIn = (sample: Sample): number => ('counts' in sample ? sample.counts.length + 3 : 1)

/** A gauge is what was said last; all else adds up. */
function sum(before: Sample, more: Sample): Sample {
  if ('by' in before && 'by' in more) return { ...before, by: before.by + more.by }
  if (!('counts' in before && 'counts' in more)) return more
  const counts = before.counts.map((count, index) => count + (more.counts[index] ?? 0))
  return { ...before, counts, count: before.count + more.count, sum: before.sum + more.sum }
}

function nothing(sample: Sample): Sample {
  if ('by' in sample) return { ...sample, by: 0 }
  return 'counts' in sample ? { ...sample, counts: sample.counts.map(() => 0), count: 0, sum: 0 } : sample
}

/** The labels as they are written, which also tells one series from another. */
const keyOf = ({ labels: names }: Family, labels: Labels): string =>
  names.flatMap((name) => (labels[name] === undefined ? [] : `${name}="${escaped(labels[name])}"`)).join(',')

const escaped = (value: string) =>
  value.replace(/[\\"\n]/g, (found) => (found === '\n' ? String.raw`\n` : `\\${found}`))
