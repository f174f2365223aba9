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
/** Prometheus adds these to what it scrapes; a rule leaves only those that it groups by. */
const outside = ['job', 'instance']
function labelsOf(name: string): readonly string[] {
  const rule = all.find(({ record }) => record === name)
  if (rule) return /^\w+ by \(([^)]*)\)/.exec(rule.expr)?.[1]?.split(', ') ?? []
  const family = Object.entries(families).find(
    ([one]) => one === name || one === name.replace(/_(bucket|sum|count)$/, ''),
  )
  return [...(family?.[1].labels ?? []), ...outside, ...(name.endsWith('_bucket') ? ['le'] : [])]
}

/** Labels by which series are picked that have none of that name: with one, nothing is found. */
const wrongMatchers = (text: string) =>
  [...text.matchAll(/\b(linebot[:_][a-z_:]+)\{([^}]*)\}/g)].flatMap(([, name = '', matchers = '']) =>
    [...matchers.matchAll(/(\w+)(?=!?[=~])/g)]
      .map(([label]) => label)
      .filter((label) => !labelsOf(name).includes(label))
      .map((label) => `${name} has no ${label}`),
  )
const groupedBy = (text: string) =>
  [...text.matchAll(/\b(?:by|on) \(([^)]*)\)/g)].flatMap(([, by = '']) => by.split(/, */).filter((one) => one !== ''))

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
    expect(wrongMatchers(query)).toEqual([])
    const there = new Set(namedIn(query).flatMap(labelsOf))
    expect(groupedBy(query).filter((label) => !there.has(label))).toEqual([])
  })

  it.each([
    ['of a label that a rule has left out', 'linebot:bot_ready{job=~".+", bot="b"}', ['linebot:bot_ready has no job']],
    [
      'of a label that is another family’s',
      'rate(linebot_reconciles_total{bot!~"b"}[1m])',
      ['linebot_reconciles_total has no bot'],
    ],
    ['of a bucket’s bound and what Prometheus adds', 'linebot_bot_reply_seconds_bucket{le="1", instance="a"}', []],
  ])('is found out by its matchers: %s', (_what, query, wrong) => {
    expect(wrongMatchers(query)).toEqual(wrong)
  })

  it('of the dashboard is of all that is chosen in its head and that its series have', () => {
    const wrong = targets.flatMap(([title, expr]) =>
      [...expr.matchAll(/\b(linebot[:_][a-z_:]+)(\{[^}]*\})?/g)].flatMap(([, name = '', matchers = '']) =>
        chosenOf(name)
          .filter((label) => !matchers.includes(`${label}=~"$${label}"`))
          .map((label) => `${title}: ${name} of any ${label}`),
      ),
    )
    expect(wrong).toEqual([])
    expect(targets.length).toBeGreaterThan(15)
  })
})

/** Calls of LINE are a Bot's or a controller's, which has no Bot. */
const chosenOf = (name: string) => {
  const labels = labelsOf(name)
  const ofBots = labels.includes('controller') ? [] : ['namespace', 'bot']
  return [...outside, ...ofBots].filter((label) => labels.includes(label))
}

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
