import { distinctBy } from '../../core/distinct.ts'
import { isObject, type Json } from '../../core/shape.ts'
import { bindingFor, botFor } from './bot.ts'
import { eventFor } from './event.ts'
import { type Found, type Note, textAt, valueAt } from './found.ts'
import { keyOf, mayMeet } from './metadata.ts'
import { isChannelSecret, secretFor } from './secret.ts'
import { wire } from './wiring.ts'

/** One of our objects, and what it was made of. */
export interface Made {
  readonly object: object
  readonly from: Found
}

const prototype = 'line.you/v1alpha1'

/** The objects of the 2019 prototype as ours, and what could not be carried over. */
export function convert(given: readonly Found[]): { made: Made[]; notes: Note[] } {
  const notes: Note[] = []
  const of = (kind: string) => given.filter((one) => one.object.apiVersion === prototype && one.kind === kind)
  const [bots, bindings, written] = [of('Bot'), of('EventBinding'), of('Event')]
  const lone = without(bots, bindings)
  const events = [...written, ...lostEvents(bindings, written)]
  const { labelsOf, selectorOf, isUsed, meantFor } = wire([...bots, ...lone], events)
  for (const one of given) notes.push(...leftOut(one, lone))
  const make = (from: Found): object[] => {
    if (isChannelSecret(from)) return [secretFor(from, notes)]
    if (bots.includes(from)) return botFor(from, selectorOf(from), notes)
    if (lone.includes(from)) return [bindingFor(from, selectorOf(from))]
    return written.includes(from) ? [eventFor(from, labelsOf(from), notes)] : []
  }
  const ours = given.flatMap((from) => make(from).map((object) => ({ object, from })))
  const lost = events
    .filter((event) => !written.includes(event))
    .map((from) => ({ object: eventFor(from, labelsOf(from), notes), from }))
  for (const event of bots.length > 0 ? written.filter((one) => !isUsed(one)) : [])
    notes.push(unused(event, meantFor(event)))
  for (const bot of bots) notes.push(...missingSecret(bot, given))
  return { made: [...ours, ...lost], notes }
}

const unused = (event: Found, bot: Found | undefined): Note =>
  bot === undefined
    ? { of: event, path: 'spec.selector', message: 'no Bot of these files has these labels; it stays unused' }
    : {
        of: event,
        path: 'metadata.namespace',
        message: `Bot ${bot.name} has these labels, but another namespace; it stays unused`,
      }

/** An EventBinding held copies of Events; one whose Event is not here is all that is left of it. */
function lostEvents(bindings: readonly Found[], written: readonly Found[]): Found[] {
  const found = bindings.flatMap((binding) => {
    const subsets = valueAt(binding.object, 'subsets')
    return (Array.isArray(subsets) ? subsets : []).flatMap((subset: unknown, i) =>
      isObject(subset) && isObject(subset.binding) ? [copyOf(subset.binding, binding, `subsets[${i}].binding`)] : [],
    )
  })
  return distinctBy(without(written, found), keyOf)
}

/** Those that have no namesake among the others. */
function without(others: readonly Found[], given: readonly Found[]): Found[] {
  const named = Map.groupBy(others, ({ name }) => name)
  return given.filter((one) => !named.get(one.name)?.some((other) => mayMeet(other, one)))
}

function copyOf(copy: Json, binding: Found, path: string): Found {
  const name = typeof copy.name === 'string' ? copy.name : ''
  const labels = isObject(binding.object.metadata) ? binding.object.metadata.labels : undefined
  return {
    file: binding.file,
    kind: 'Event',
    name,
    object: {
      metadata: { name, namespace: textAt(binding.object, 'metadata.namespace') },
      spec: { selector: { matchLabels: labels }, type: copy.type, messages: copy.messages },
    },
    positionOf: (at) => binding.positionOf(at.replace(/^spec/, path)),
  }
}

function leftOut(one: Found, lone: readonly Found[]): Note[] {
  const { apiVersion } = one.object
  const note = (path: string, message: string) => [{ of: one, path, message }]
  if (apiVersion !== prototype)
    return isChannelSecret(one) ? [] : note('kind', `left out: neither of ${prototype} nor a channel’s Secret`)
  if (one.kind === 'EventBinding')
    return lone.includes(one) ? [] : note('kind', 'left out: it was generated; the Bot’s own takes its place')
  return ['Bot', 'Event'].includes(one.kind) ? [] : note('kind', `left out: ${prototype} has no such kind`)
}

function missingSecret(bot: Found, given: readonly Found[]): Note[] {
  const name = textAt(bot.object, 'spec.channelSecretName')
  const isIt = (one: Found) => isChannelSecret(one) && one.name === name && mayMeet(one, bot)
  if (name === undefined || given.some(isIt)) return []
  const namespace = textAt(bot.object, 'metadata.namespace')
  const secret = `Secret ${name}${namespace === undefined ? '' : ` of namespace ${namespace}`}`
  const message = `${secret} is not in these files: rename its keys to channelId and channelSecret`
  return [{ of: bot, path: 'spec.channelSecretName', message }]
}
