import { parse } from 'yaml'
import { type Family, ownFamilies, pushedFamilies } from '../../core/metrics/families.ts'
import { help } from '../../core/metrics/help.ts'

interface Alert {
  readonly alert?: string
  readonly labels?: { readonly severity: string }
  readonly annotations?: { readonly summary: string; readonly action: string }
}

/** The page with its generated tables: what stands between `<!-- NAME -->` and `<!-- end -->`. */
export function withTables(page: string, rules: string): string {
  const tables: Readonly<Record<string, string>> = {
    'metrics of the front door': metricsTable(ownFamilies),
    'metrics that are pushed': metricsTable(pushedFamilies),
    alerts: alertsTable(rules),
  }
  return page.replace(
    /(<!-- ([a-z ]+) -->\n)[^]*?(<!-- end -->)/g,
    (whole, begin: string, name: string, end: string) =>
      tables[name] === undefined ? whole : `${begin}\n${tables[name]}\n\n${end}`,
  )
}

const helps: Readonly<Record<string, string>> = help

const metricsTable = (families: Readonly<Record<string, Family>>): string =>
  table(
    ['metric', 'type', 'labels', 'what it is'],
    Object.entries(families).map(([name, { type, labels }]) => [
      `\`${name}\``,
      type,
      labels.map((label) => `\`${label}\``).join(' '),
      helps[name] ?? '',
    ]),
  )

function alertsTable(rules: string): string {
  // Our own file, which promtool checks.
  const { groups } = parse(rules) as { groups: { rules: Alert[] }[] }
  const alerts = groups.flatMap((group) => group.rules).filter(({ alert }) => alert !== undefined)
  return table(
    ['alert', 'severity', 'what to do'],
    alerts.map(({ alert = '', labels, annotations }) => [
      `\`${alert}\``,
      labels?.severity ?? '',
      `${plain(annotations?.summary ?? '')} ${annotations?.action ?? ''}`.trim(),
    ]),
  )
}

/** Without what Prometheus fills in. */
const plain = (summary: string) =>
  summary
    .replace(/\{\{ \$labels\.(\w+) \}\}/g, (_whole, label: string) => label.toUpperCase())
    .replace(/\{\{ \$value.*?\}\}/g, 'N')

const table = (head: readonly string[], lines: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...lines]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n')
