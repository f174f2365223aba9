import { families } from '../../core/metrics/families.ts'
import { type Panel, rows } from './panels.ts'

/** Grafana's grid is 24 wide. */
const width = 8
const height = 7

const datasource = { type: 'prometheus', uid: '${datasource}' }

/** The dashboard as Grafana imports it. */
export function dashboard(): string {
  let id = 0
  let y = 0
  const panels = rows.flatMap(([title, ofRow]) => {
    const row = { id: ++id, type: 'row', title, collapsed: false, panels: [], gridPos: { h: 1, w: 24, x: 0, y } }
    y += 1
    const placed = ofRow.map((panel, index) => {
      const gridPos = { h: height, w: width, x: (index % 3) * width, y: y + Math.floor(index / 3) * height }
      return { id: ++id, ...panelOf(panel), gridPos }
    })
    y += Math.ceil(ofRow.length / 3) * height
    return [row, ...placed]
  })
  const whole = {
    title: 'linebot',
    uid: 'linebot',
    description: 'LINE bots on Knative: from LINE’s webhook to the reply, though everything in between sleeps.',
    tags: ['linebot'],
    editable: false,
    schemaVersion: 39,
    refresh: '30s',
    time: { from: 'now-6h', to: 'now' },
    templating: { list: variables },
    panels,
  }
  return `${JSON.stringify(whole, null, 1)}\n`
}

const panelOf = ({ title, description, unit, queries, stat }: Panel) => ({
  type: stat ? 'stat' : 'timeseries',
  title,
  description,
  datasource,
  fieldConfig: { defaults: { unit, min: 0, ...(stat && { noValue: 'none' }) }, overrides: [] },
  ...(stat && { options: { textMode: 'value_and_name', reduceOptions: { calcs: ['lastNotNull'] } } }),
  targets: queries.map(([query, legendFormat], index) => ({
    refId: String.fromCodePoint('A'.charCodeAt(0) + index),
    datasource,
    expr: chosen(query),
    legendFormat,
  })),
})

const query = (text: string) => ({ datasource, query: { query: text, refId: 'A' }, definition: text })
const choice = { type: 'query', refresh: 2, sort: 1, includeAll: true, multi: true, allValue: '.+', hide: 0 }
const all = { current: { text: 'All', value: '$__all' } }

const variables = [
  { name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus', hide: 0 },
  { name: 'job', label: 'Job', ...choice, ...all, ...query('label_values(linebot_front_door_pushed_series, job)') },
  {
    name: 'instance',
    label: 'Instance',
    ...choice,
    ...all,
    ...query('label_values(linebot_front_door_pushed_series{job=~"$job"}, instance)'),
  },
  {
    name: 'namespace',
    label: 'Namespace',
    ...choice,
    ...all,
    allValue: '.*',
    ...query('label_values(linebot_bot_ready{job=~"$job"}, namespace)'),
  },
  {
    name: 'bot',
    label: 'Bot',
    ...choice,
    ...all,
    allValue: '.*',
    ...query('label_values(linebot_bot_ready{job=~"$job", namespace=~"$namespace"}, bot)'),
  },
]

/** The query with what was chosen in the dashboard's head, for every series in it. */
const chosen = (text: string): string =>
  text.replace(/\b(linebot[:_][a-z_]+)(?:\{([^}]*)\})?/g, (_whole, name: string, more = '') => {
    const ofDoors = isRecorded(name) ? [] : ['job=~"$job"', 'instance=~"$instance"']
    const ofBots = isOfBots(name) ? ['namespace=~"$namespace"', 'bot=~"$bot"'] : []
    const matchers = [...ofDoors, ...ofBots, more]
    return `${name}{${matchers.filter((one) => one !== '').join(', ')}}`
  })

/** By a rule, which leaves of the labels only those of the Bot: a matcher of another one would find nothing. */
const isRecorded = (name: string): boolean => name.includes(':')

function isOfBots(name: string): boolean {
  if (isRecorded(name)) return true
  const family = name.replace(/_(bucket|sum|count)$/, '')
  const found = Object.entries(families).find(([known]) => known === name || known === family)
  const labels: readonly string[] = found?.[1].labels ?? []
  return labels.includes('bot') && !labels.includes('controller')
}
