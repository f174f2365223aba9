import { anyList, number, object, text, texts } from '../shape.ts'
import { isPushed, pushedFamilies, secondsBounds } from './families.ts'
import type { Labels, Sample } from './sample.ts'
import type { Series } from './series.ts'

/** Bytes of one push. */
export const maxPushBytes = 64 * 1024

/** As JSON texts of at most 64 KiB: `{"samples":[…]}` each. */
export function pushesOf(samples: readonly Sample[]): { body: string; samples: readonly Sample[] }[] {
  const pushes: { parts: string[]; bytes: number; samples: Sample[] }[] = []
  for (const sample of samples) {
    const part = JSON.stringify(sample)
    // With its comma; what is around them is 14 bytes.
    const bytes = Buffer.byteLength(part) + 1
    let last = pushes.at(-1)
    if (!last || last.bytes + bytes > maxPushBytes) pushes.push((last = { parts: [], bytes: 14, samples: [] }))
    last.parts.push(part)
    last.samples.push(sample)
    last.bytes += bytes
  }
  return pushes.map(({ parts, samples: within }) => ({ body: `{"samples":[${parts.join(',')}]}`, samples: within }))
}

/** Why a sample was not taken: no family of ours that may be pushed, labels that it has not, no such number, no room. */
export type Dropped = 'Unknown' | 'Labels' | 'Value' | 'Full'

export interface Absorbing {
  readonly series: Series
  /** Milliseconds since the epoch. */
  readonly now: number
  /** Series at most, what is there included. */
  readonly most: number
  readonly dropped: (reason: Dropped) => void
}

/** Adds what somebody pushed to the series, sample by sample. False = it is no push. */
export function absorb(push: unknown, { series, now, most, dropped }: Absorbing): boolean {
  const samples = readPush(push)?.samples
  if (!samples) return false
  for (const one of samples) {
    const sample = readSample(one)
    if (typeof sample === 'string') dropped(sample)
    else if (!series.merge(sample, { pushedAt: now, most })) dropped('Full')
  }
  return true
}

const readPush = object<{ samples: unknown[] }>({ samples: anyList }, 'samples')

const readParts = object<{
  name: string
  labels: Record<string, string>
  by?: number
  value?: number
  counts?: unknown[]
  count?: number
  sum?: number
}>(
  { name: text, labels: texts, by: number, value: number, counts: anyList, count: number, sum: number },
  'name',
  'labels',
)

function readSample(value: unknown): Sample | Dropped {
  const parts = readParts(value)
  if (!parts || !isPushed(parts.name)) return 'Unknown'
  const { name, labels, by, value: now, count, sum } = parts
  const { type, labels: names } = pushedFamilies[name]
  if (!fit(labels, names)) return 'Labels'
  if (type === 'counter') return isAmount(by) ? { name, labels, by } : 'Value'
  if (type === 'gauge') return isFinite(now) ? { name, labels, value: now } : 'Value'
  const counts = countsIn(parts.counts, count)
  return counts && isAmount(count) && isAmount(sum) ? { name, labels, counts, count, sum } : 'Value'
}

/** A Bot's name, a namespace: a DNS label; ours and LINE's words are shorter. */
const maxLabelLength = 63

const fit = (labels: Labels, names: readonly string[]): boolean =>
  Object.entries(labels).every(([name, value]) => names.includes(name) && value !== '' && within(value))
const within = (value = '') => value.length <= maxLabelLength

/** Above what any process counts in its life, and far from where adding 1 changes nothing. */
const maxAmount = 1e9

const isFinite = (value: number | undefined): value is number => Number.isFinite(value)
const isAmount = (value: number | undefined): value is number => isFinite(value) && value >= 0 && value <= maxAmount

/** Of each bucket, as many as the one before or more, and all of them at the end. */
function countsIn(list: readonly unknown[] = [], count = 0): number[] | undefined {
  const counts = list.map(number).filter(isAmount)
  const grow = [...counts, count].every((one, index) => one >= (counts[index - 1] ?? 0))
  return counts.length === secondsBounds.length && list.length === counts.length && grow ? counts : undefined
}
