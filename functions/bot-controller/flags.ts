/** Fields of `spec.template.spec` that Knative takes only with a feature flag on, and the flag. Knative 1.23. */
const flags: readonly (readonly [field: RegExp, flag: string])[] = [
  [/^affinity$/, 'kubernetes.podspec-affinity'],
  [/^topologySpreadConstraints$/, 'kubernetes.podspec-topologyspreadconstraints'],
  [/^nodeSelector$/, 'kubernetes.podspec-nodeselector'],
  [/^tolerations$/, 'kubernetes.podspec-tolerations'],
  [/^initContainers$/, 'kubernetes.podspec-init-containers'],
  [/^securityContext$/, 'kubernetes.podspec-securitycontext'],
  [/^runtimeClassName$/, 'kubernetes.podspec-runtimeclassname'],
  [/^priorityClassName$/, 'kubernetes.podspec-priorityclassname'],
  [/^schedulerName$/, 'kubernetes.podspec-schedulername'],
  [/^shareProcessNamespace$/, 'kubernetes.podspec-shareprocessnamespace'],
  [/^dnsPolicy$/, 'kubernetes.podspec-dnspolicy'],
  [/^dnsConfig$/, 'kubernetes.podspec-dnsconfig'],
  [/^hostAliases$/, 'kubernetes.podspec-hostaliases'],
  [/^hostIPC$/, 'kubernetes.podspec-hostipc'],
  [/^hostPID$/, 'kubernetes.podspec-hostpid'],
  [/^hostNetwork$/, 'kubernetes.podspec-hostnetwork'],
  [/^volumes\[\d+\]\.emptyDir$/, 'kubernetes.podspec-volumes-emptydir'],
  [/^volumes\[\d+\]\.hostPath$/, 'kubernetes.podspec-volumes-hostpath'],
  [/^volumes\[\d+\]\.csi$/, 'kubernetes.podspec-volumes-csi'],
  [/^volumes\[\d+\]\.image$/, 'kubernetes.podspec-volumes-image'],
  [/^volumes\[\d+\]\.ephemeral$/, 'kubernetes.podspec-volumes-ephemeral'],
  [/^volumes\[\d+\]\.persistentVolumeClaim$/, 'kubernetes.podspec-persistent-volume-claim'],
  [/\.mountPropagation$/, 'kubernetes.podspec-volumes-mount-propagation'],
  [/\.valueFrom\.(fieldRef|resourceFieldRef)$/, 'kubernetes.podspec-fieldref'],
  [/\.securityContext\.capabilities\.add$/, 'kubernetes.containerspec-addcapabilities'],
  [/^containers\[\d+\]\.(readinessProbe|livenessProbe|startupProbe)$/, 'multi-container-probing'],
]

/** A claim that is written to needs a second one. */
const writes = ['Persistent volume write support is disabled', 'kubernetes.podspec-persistent-volume-write'] as const

/** The feature flags that would let Knative take what its words refuse, in its order; none where no flag helps. */
export function flagsFor(refusal: string): string[] {
  const [, list = ''] = /must not set the field\(s\): ([^\n]+)/.exec(refusal) ?? []
  const fields = list.split(', ').map((field) => field.replace(/^spec\.template\.spec\./, ''))
  const found = fields.flatMap((field) => flags.find(([shape]) => shape.test(field))?.[1] ?? [])
  return [...new Set([...found, ...(refusal.includes(writes[0]) ? [writes[1]] : [])])]
}

/** What turns them on. */
export function commandFor(names: readonly string[]): string {
  const data = Object.fromEntries(names.map((name) => [name, 'enabled']))
  return `kubectl patch configmap config-features -n knative-serving --type merge -p '${JSON.stringify({ data })}'`
}
