import { families, type Name, secondsBounds } from './families.ts'
import { help } from './help.ts'
import type { Series, Told } from './series.ts'

/** All series in Prometheus' text format, version 0.0.4. */
export function textOf(series: Series): string {
  const lines: string[] = []
  for (const [name, { type }] of Object.entries(families)) {
    // Of `families`, whose keys are all names.
    const known = name as Name
    const told = series.tell(known)
    if (told.length === 0) continue
    lines.push(`# HELP ${name} ${help[known]}`, `# TYPE ${name} ${type}`)
    for (const one of told) lines.push(linesFor(one))
  }
  return `${lines.join('\n')}\n`
}

/** One text for all of a series: a front door has many, and answers nobody else meanwhile. */
function linesFor({ labels, sample }: Told): string {
  const { name } = sample
  const braces = labels === '' ? '' : `{${labels}}`
  if ('by' in sample) return `${name}${braces} ${sample.by}`
  if ('value' in sample) return `${name}${braces} ${sample.value}`
  const { counts, count, sum: total } = sample
  const bucket = `${name}_bucket{${labels}${labels === '' ? '' : ','}`
  let buckets = ''
  for (const [index, bound] of bounds.entries()) buckets += `${bucket}${bound} ${counts[index] ?? count}\n`
  return `${buckets}${name}_sum${braces} ${total}\n${name}_count${braces} ${count}`
}

const bounds = [...secondsBounds, '+Inf'].map((bound) => `le="${bound}"}`)
