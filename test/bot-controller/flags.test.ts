import { expect, it } from 'vitest'
import { commandFor, flagsFor } from '../../functions/bot-controller/flags.ts'

const denied = 'admission webhook "validation.webhook.serving.knative.dev" denied the request: validation failed: '
const unset = (fields: string) => `${denied}must not set the field(s): ${fields}`

/** Knative 1.23's own words. */
it.each([
  ['a node selector', unset('spec.template.spec.nodeSelector'), ['kubernetes.podspec-nodeselector']],
  [
    'three at once',
    unset('spec.template.spec.affinity, spec.template.spec.nodeSelector, spec.template.spec.tolerations'),
    ['kubernetes.podspec-affinity', 'kubernetes.podspec-nodeselector', 'kubernetes.podspec-tolerations'],
  ],
  [
    'an init container',
    `${unset('spec.template.spec.initContainers')}\npod spec support for init-containers is off, but found 1 init containers: `,
    ['kubernetes.podspec-init-containers'],
  ],
  [
    'a pod’s security context',
    unset('spec.template.spec.securityContext, spec.template.spec.securityContext.fsGroup'),
    ['kubernetes.podspec-securitycontext'],
  ],
  [
    'a claim that is written to',
    `${denied}Persistent volume claim support is disabled, but found persistent volume claim x: \nPersistent volume write support is disabled, but found persistent volume claim x that is not read-only: \nmust not set the field(s): spec.template.spec.volumes[0].persistentVolumeClaim`,
    ['kubernetes.podspec-persistent-volume-claim', 'kubernetes.podspec-persistent-volume-write'],
  ],
  ['a volume of the node', unset('spec.template.spec.volumes[1].hostPath'), ['kubernetes.podspec-volumes-hostpath']],
  [
    'a variable of the pod’s own fields',
    unset('spec.template.spec.containers[0].env[0].valueFrom.fieldRef'),
    ['kubernetes.podspec-fieldref'],
  ],
  [
    'a sidecar’s probe',
    unset(
      'spec.template.spec.containers[1].readinessProbe, spec.template.spec.containers[1].readinessProbe.successThreshold',
    ),
    ['multi-container-probing'],
  ],
  ['what no flag allows', unset('spec.template.spec.containers[0].lifecycle'), []],
  ['another refusal', `${denied}volume with name "v" not mounted: spec.template.spec.volumes[0].name`, []],
])('knows what lets Knative take %s', (_what, refusal, flags) => {
  expect(flagsFor(refusal)).toEqual(flags)
})

it('turns them on with one command', () => {
  expect(commandFor(['kubernetes.podspec-nodeselector'])).toBe(
    `kubectl patch configmap config-features -n knative-serving --type merge -p '{"data":{"kubernetes.podspec-nodeselector":"enabled"}}'`,
  )
})
