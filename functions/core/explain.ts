import type { Incoming } from './incoming.ts'
import type { LinearRegex } from './linear.ts'
import { type Explanation, explained } from './match/explain.ts'
import { hear } from './match/heard.ts'
import { type Groups, type Matcher, makeChoosing } from './match.ts'
import type { RuleFile } from './rule.ts'

export type { Explanation } from './match/explain.ts'

/** A matcher that says why. A bot never asks, so it does not carry this. */
export interface Explainer extends Matcher {
  /** What `choose` gives, and why, and why not another: every rule for events of this type. Never throws. */
  explain(incoming: Incoming, groups: Groups, now?: Date): Explanation
}

export function makeExplainer(files: readonly RuleFile[], linear: LinearRegex): Explainer {
  const { choose, shelvesFor } = makeChoosing(files, linear)
  return {
    choose: (incoming, groups, now = new Date()) => choose(hear(incoming, groups, now)),
    explain(incoming, groups, now = new Date()) {
      const heard = hear(incoming, groups, now)
      return explained(heard, shelvesFor(incoming.type), choose(heard))
    },
  }
}
