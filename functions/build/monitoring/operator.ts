import { parse, stringify } from 'yaml'
import { systemNamespace } from '../../core/names.ts'

/** For who runs the Prometheus operator: what it scrapes, and the rules of rules.yaml. */
export function operator(rules: string): string {
  const labels = { 'app.kubernetes.io/name': 'linebot' }
  const metadata = { name: 'linebot', namespace: systemNamespace, labels }
  const monitor = {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'ServiceMonitor',
    metadata,
    spec: {
      selector: { matchLabels: { 'app.kubernetes.io/name': 'linebot-metrics' } },
      endpoints: [{ port: 'metrics', honorLabels: true }],
    },
  }
  const rule = { apiVersion: 'monitoring.coreos.com/v1', kind: 'PrometheusRule', metadata, spec: parse(rules) }
  const why = [
    '# A ServiceMonitor, not a PodMonitor: that one finds only ports that a pod declares, and Knative lets it declare no other',
    '# than the one for requests. honorLabels: `namespace` and `bot` are those of the bot that counted.',
  ]
  return `${why.join('\n')}\n${stringify(monitor)}---\n${stringify(rule, { lineWidth: 0 })}`
}
