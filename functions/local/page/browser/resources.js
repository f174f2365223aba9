import { command, h, kubectl } from './dom.js'

/** The status of every resource, and the LINE console of the bot that is chosen. */

const panel = document.getElementById('resources')

const statusOf = ({ conditions }) => conditions.find(({ type }) => type === 'Ready') ?? conditions[0]

const tones = { True: 'good', False: 'bad', Unknown: 'wait' }

const conditionLine = ({ type, status, reason, message }) =>
  h(
    'li',
    { 'data-tone': tones[status] ?? 'wait' },
    h('span', { class: 'dot' }),
    h('div', {}, h('b', {}, type), h('span', { class: 'reason' }, reason), message && h('p', {}, message)),
  )

const open = new Set()

const keyOf = ({ kind, namespace, name }) => `${kind} ${namespace}/${name}`

const line = (resource) => {
  const { name, namespace, conditions } = resource
  const status = statusOf(resource)
  const key = keyOf(resource)
  return h(
    'details',
    { open: open.has(key), ontoggle: ({ currentTarget }) => (currentTarget.open ? open.add(key) : open.delete(key)) },
    h(
      'summary',
      { 'data-tone': tones[status?.status] ?? 'wait' },
      h('span', { class: 'dot' }),
      h('b', {}, name),
      h('span', { class: 'namespace' }, namespace),
      h('span', { class: 'reason' }, status ? status.reason || status.status : 'no status yet'),
    ),
    conditions.length > 0
      ? h('ul', { class: 'conditions' }, conditions.map(conditionLine))
      : h('p', { class: 'hint' }, 'Nothing has looked at it yet.'),
  )
}

const toggle = (text, hint, checked, onchange) =>
  h('label', { class: 'switch' }, h('span', {}, h('b', {}, text), h('small', {}, hint)), h('input', { type: 'checkbox', role: 'switch', checked, onchange: ({ target }) => onchange(target.checked) }))

const lineConsole = (bot, change) =>
  h(
    'section',
    { class: 'kind console' },
    h('h2', {}, `LINE console of ${bot.name}`),
    h('p', { class: 'endpoint' }, bot.endpoint ?? 'no webhook URL yet'),
    toggle('Use webhook', 'off: LINE sends the bot nothing', bot.active, (active) => change({ active })),
    toggle('Webhook redelivery', 'on: what failed is sent again', bot.redelivery, (redelivery) => change({ redelivery })),
  )

const kinds = ['Bot', 'EventBinding', 'Event', 'Service']

const empty = () =>
  h('div', { class: 'empty' }, h('h2', {}, 'No resources yet'), h('p', {}, 'Apply the samples, or your own Bots and Events:'), command(kubectl('apply -f config/samples/')))

export const showResources = (resources, bot, change) => {
  const sections = kinds.flatMap((kind) => {
    const some = resources.filter((resource) => resource.kind === kind)
    const title = kind === 'Service' ? 'Knative Services' : `${kind}s`
    return some.length === 0 ? [] : [h('section', { class: 'kind' }, h('h2', {}, title, h('span', { class: 'count' }, String(some.length))), some.map(line))]
  })
  const focused = panel.contains(document.activeElement) ? [...panel.querySelectorAll('summary,input')].indexOf(document.activeElement) : -1
  panel.replaceChildren(...(bot?.channel === undefined ? [] : [lineConsole(bot, change)]), ...(sections.length > 0 ? sections : [empty()]))
  if (focused >= 0) panel.querySelectorAll('summary,input')[focused]?.focus()
}
