import { expect, it } from 'vitest'
import { mendFor } from '../../functions/bot-controller/limits.ts'

/** As Knative's webhook says it. */
const refused = (...words: string[]) =>
  `admission webhook "validation.webhook.serving.knative.dev" denied the request: validation failed: ${words.join('\n')}`

const timeout = 'expected 0 <= 300 <= 60: spec.template.spec.timeoutSeconds'
const scale = 'expected 1 <= 10 <= 5: spec.template.metadata.annotations.autoscaling.knative.dev/max-scale'

it.each<[string, string, RegExp]>([
  [
    'a shorter timeout',
    timeout,
    /^set spec\.template\.spec\.timeoutSeconds .* max-revision-timeout-seconds .*defaults$/,
  ],
  ['fewer pods', scale, /^change spec\.scale\.min and spec\.scale\.max, or raise max-scale-limit .*config-autoscaler$/],
  [
    'less concurrency',
    'expected 0 <= 100 <= 50: spec.template.spec.containerConcurrency',
    /^change spec\.scale\.concurrency, or raise container-concurrency-max-limit .*config-defaults$/,
  ],
  ['both', `${timeout}\n${scale}`, /timeoutSeconds.*; change spec\.scale\.min/],
  [
    'another probe',
    'invalid value: 0: spec.template.spec.containers[0].readinessProbe.timeoutSeconds',
    /^change spec\.template$/,
  ],
  ['a field that it knows', 'unknown field "spec.template.spec.containers[0].lifecycle"', /^change spec\.template$/],
])('where Knative wants %s, it says what to change', (_what, words, mend) => {
  expect(mendFor(refused(words))).toMatch(mend)
})
