import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { dashboard } from '../../functions/build/monitoring/dashboard.ts'
import { operator } from '../../functions/build/monitoring/operator.ts'
import { withTables } from '../../functions/build/monitoring/tables.ts'
import { families, secondsBounds } from '../../functions/core/metrics/families.ts'

/** promtool checks the rules' grammar and what they say (test/monitoring); this, that they speak of what there is. */

const root = join(import.meta.dirname, '../..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const rules = read('config/monitoring/rules.yaml')

interface Rule {
  readonly alert?: string
  readonly record?: string
  readonly expr: string
  readonly annotations?: Readonly<Record<string, string>>
}
const all: Rule[] = parse(rules).groups.flatMap((group: { rules: Rule[] }) => group.rules)
const alerts = all.filter(({ alert }) => alert !== undefined)
const recorded = new Set(all.flatMap(({ record }) => record ?? []))

interface Target {
  readonly expr: string
}
const panels: { title: string; targets?: Target[] }[] = JSON.parse(dashboard()).panels
const targets = panels.flatMap(({ title, targets: ofPanel = [] }) => ofPanel.map(({ expr }) => [title, expr] as const))

/** The families and recorded series that a query names. */
const namedIn = (text: string) => [...text.matchAll(/\blinebot[:_][a-z_:]+/g)].map(([name]) => name)
const known = (name: string) => {
  const of = name.replace(/_(bucket|sum|count)$/, '')
  const family = Object.entries(families).find(([one]) => one === name || one === of)
  // A histogram has no series of its own name.
  return recorded.has(name) || (family !== undefined && (family[1].type === 'histogram') === (name !== family[0]))
}
const labels = new Set(Object.values(families).flatMap((family): readonly string[] => family.labels))
const outside = new Set(['le', 'job', 'instance'])
const labelsIn = (text: string) =>
  [...text.matchAll(/\b(?:by|on) \(([^)]*)\)|\{([^}]*)\}/g)].flatMap(([, by, matchers]) =>
    by === undefined
      ? [...(matchers ?? '').matchAll(/(\w+)(?==|!=)/g)].map(([name]) => name)
      : by.split(/, */).filter((name) => name !== ''),
  )

const queries = [
  ...all.map(({ alert, record, expr }) => [alert ?? record ?? '', expr] as const),
  ...targets,
  ...[...read('docs/observability.md').matchAll(/^\| [^|]*\? \| (.*) \|$/gm)].map(
    ([row, query]) => [row.slice(2, 40), query ?? ''] as const,
  ),
]

it('a quantile is compared with a bound of a bucket: between two of them it would be a guess', () => {
  const compared = all.flatMap(({ expr }) => [...expr.matchAll(/histogram_quantile[^>]*> ([\d.]+)/g)].map(([, n]) => n))
  expect(compared.length).toBeGreaterThan(1)
  for (const limit of compared) expect(secondsBounds.map(String)).toContain(limit)
})

describe('a query', () => {
  it.each(queries)('names only numbers and labels that there are: %s', (_where, query) => {
    expect(namedIn(query).length).toBeGreaterThan(0)
    expect(namedIn(query).filter((name) => !known(name))).toEqual([])
    expect(labelsIn(query).filter((name) => !labels.has(name) && !outside.has(name))).toEqual([])
  })

  it('of the dashboard is of the chosen job and instance', () => {
    const free = targets.filter(
      ([, expr]) => expr.match(/job=~"\$job", instance=~"\$instance"/g)?.length !== namedIn(expr).length,
    )
    expect(free).toEqual([])
    expect(targets.length).toBeGreaterThan(15)
  })
})

describe('an alert', () => {
  const tests = read('test/monitoring/rules.test.yaml')
  it.each(alerts.map((rule) => [rule.alert ?? '', rule] as const))(
    '%s says what to do, and has a world in which it fires',
    (name, rule) => {
      expect(Object.keys(rule.annotations ?? {})).toEqual(['summary', 'action'])
      expect(tests).toContain(`alertname="${name}"`)
    },
  )
})

it('the operator is given the same rules, and scrapes by the Service of the front doors', () => {
  const [monitor, rule] = operator(rules)
    .split('---\n')
    .map((text) => parse(text))
  expect(rule.spec).toEqual(parse(rules))
  const service = parse(read('knative/330-metrics.yaml'))
  expect(service.metadata.labels).toMatchObject(monitor.spec.selector.matchLabels)
  expect(service.metadata.namespace).toBe(monitor.metadata.namespace)
  expect(service.spec.ports.map(({ name }: { name: string }) => name)).toEqual([monitor.spec.endpoints[0].port])
})

it('what is pushed is pushed to that Service', () => {
  const { metadata, spec } = parse(read('knative/330-metrics.yaml'))
  expect(parse(read('knative/200-config.yaml')).data.LINEBOT_METRICS).toBe(
    `http://${metadata.name}.${metadata.namespace}.svc:${spec.ports[0].port}/push`,
  )
})

it('the page has every number and every alert in it', () => {
  const page = withTables(read('docs/observability.md'), rules)
  for (const name of [...Object.keys(families), ...alerts.map(({ alert = '' }) => alert)])
    expect(page).toContain(`| \`${name}\` |`)
})
