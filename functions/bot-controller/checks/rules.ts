import { bindingMissing } from '../../core/bound.ts'
import { lateProblems } from '../../core/late.ts'
import { quietProblems } from '../../core/schedule/problems.ts'
import { bindingsOf, mountsOf, ruleCount } from '../facts.ts'
import type { BotSeen } from '../see.ts'
import { type Checked, findings } from './checked.ts'

const { good, waiting, bad, stuck } = findings('RulesReady')

/** Whether the Bot has rules, compiled and there to be mounted. */
export function rules(seen: BotSeen): Checked {
  const { spec } = seen.bot
  const bindings = bindingsOf(seen)
  if (bindings.length === 0) return stuck('BindingMissing', bindingMissing(seen.bot))
  const behind = bindings.find((one) => !one.status?.rules || one.status.observedGeneration !== one.metadata.generation)
  if (behind) return waiting('Compiling', `the rules of EventBinding ${behind.metadata.name} are being compiled`)
  const missing = mountsOf(seen).find((name) => !seen.configMaps.has(name))
  if (missing) return bad('ConfigMapMissing', `ConfigMap ${missing} with compiled rules is gone; it is made again`)
  const names = bindings.map((one) => one.metadata.name)
  const count = ruleCount(seen)
  const [late] = lateProblems(spec.lateAnswers, 'spec.lateAnswers')
  if (late)
    return stuck('LateAnswersInvalid', `${late.path}: ${late.message}; until that is mended the bot uses its own`)
  const [problem] = spec.quietHours ? quietProblems(spec.quietHours, 'spec.quietHours') : []
  if (problem) {
    const { path, message } = problem
    return stuck('QuietHoursInvalid', `${path}: ${message}; until that is mended the bot has no quiet hours`)
  }
  if (count === 0) return stuck('NoRules', `no rule is in force: \`kubectl describe lbeb ${names.join(' ')}\` says why`)
  const leftOut = bindings.some(({ status }) => status?.rejected?.length)
    ? '; some are left out, `kubectl get lbe` shows whose'
    : ''
  return good('Ready', `${count} ${count === 1 ? 'rule' : 'rules'} through ${names.join(', ')}${leftOut}`)
}
