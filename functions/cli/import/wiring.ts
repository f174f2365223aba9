import { type LabelSelector, selects } from '../../core/selector.ts'
import { isObject } from '../../core/shape.ts'
import { type Found, textsAt, valueAt } from './found.ts'
import { sameNamespace } from './metadata.ts'

/**
 * The prototype's Events choose bots (their selector is over labels that a Bot's selector spells out); ours are
 * chosen, by an EventBinding's selector over the Events' labels. The same labels on both sides nearly always say the
 * same; where they would not, each such bot gets a label of its own.
 */
export interface Wiring {
  /** What the Event is labelled with. */
  labelsOf(event: Found): Readonly<Record<string, string>>
  /** What the bot's EventBinding selects. */
  selectorOf(bot: Found): Readonly<Record<string, string>>
  /** Whether any bot of the files uses it. */
  isUsed(event: Found): boolean
  /** A bot that would, were it in the same namespace. */
  meantFor(event: Found): Found | undefined
}

export function wire(bots: readonly Found[], events: readonly Found[]): Wiring {
  const simple = (event: Found) => ({ ...textsAt(event.object, 'metadata.labels'), ...selectedBy(event) })
  const saysTheSame = (bot: Found) =>
    Object.keys(labelsMeant(bot)).length > 0 &&
    events
      .filter((event) => sameNamespace(bot, event))
      .every((event) => selects({ matchLabels: labelsMeant(bot) }, simple(event)) === chooses(event, bot))
  const special = bots.filter((bot) => !saysTheSame(bot))
  return {
    labelsOf: (event) => ({
      ...simple(event),
      ...Object.assign({}, ...special.filter((bot) => chooses(event, bot)).map(ownLabel)),
    }),
    selectorOf: (bot) => (special.includes(bot) ? ownLabel(bot) : labelsMeant(bot)),
    isUsed: (event) => bots.some((bot) => chooses(event, bot)),
    meantFor: (event) => bots.find((bot) => hasLabelsFor(event, bot)),
  }
}

const ownLabel = ({ name }: Found): Record<string, string> => ({ [`bot-${name}`]: 'true' })

/** A Bot's selector is what its EventBinding was labelled with; an EventBinding's labels are its own. */
const labelsMeant = ({ kind, object }: Found) =>
  textsAt(object, kind === 'Bot' ? 'spec.selector.matchLabels' : 'metadata.labels')

const selectedBy = ({ object }: Found) => textsAt(object, 'spec.selector.matchLabels')

const chooses = (event: Found, bot: Found): boolean => sameNamespace(event, bot) && hasLabelsFor(event, bot)

/** As Kubernetes: no selector selects nothing. */
function hasLabelsFor(event: Found, bot: Found): boolean {
  const selector = valueAt(event.object, 'spec.selector')
  // Its own members are read as strings and lists; anything else there selects nothing.
  return isObject(selector) && selects(selector as LabelSelector, labelsMeant(bot))
}
