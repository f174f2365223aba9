import { badRequest } from './refusal.ts'
import type { Resource } from './resources.ts'
import { type Thing, textAt } from './thing.ts'

export type Selects = (thing: Thing) => boolean

const all: Selects = () => true

/** Labels as a query writes them: `a=b,c!=d,e in (f,g),h notin (i),j,!k`. */
export function labelSelector(text: string | null): Selects {
  if (!text?.trim()) return all
  const tests = splitTop(text).map(labelTest)
  return ({ metadata: { labels = {} } }) => tests.every((test) => test(labels))
}

type LabelTest = (labels: Readonly<Record<string, string>>) => boolean

/** At the commas that are not in parentheses. */
const splitTop = (text: string) => text.split(/,(?![^(]*\))/).map((part) => part.trim())

const word = '[A-Za-z0-9](?:[-A-Za-z0-9_./]*[A-Za-z0-9])?'
const setBased = new RegExp(`^(${word})\\s+(in|notin)\\s+\\(([^)]*)\\)$`)
const equality = new RegExp(`^(${word})\\s*(=|==|!=)\\s*(${word}|)$`)
const existence = new RegExp(`^(!?)\\s*(${word})$`)

function labelTest(text: string): LabelTest {
  const [, key = '', operator, list = ''] = setBased.exec(text) ?? []
  if (operator) {
    const values = new Set(list.split(',').map((value) => value.trim()))
    const isIn: LabelTest = (labels) => key in labels && values.has(labels[key] ?? '')
    return operator === 'in' ? isIn : (labels) => !isIn(labels)
  }
  const [, name = '', sign, value] = equality.exec(text) ?? []
  if (sign) return (labels) => (labels[name] === value) !== (sign === '!=')
  const [, not, there] = existence.exec(text) ?? []
  if (there === undefined) throw badRequest(`unable to parse requirement: ${text}`)
  return (labels) => there in labels !== (not === '!')
}

/** Fields by which the objects of a kind can be asked for, beside name and namespace. */
const known: Readonly<Record<string, readonly string[]>> = {
  Secret: ['type'],
  Namespace: ['status.phase'],
  Event: [
    'involvedObject.kind',
    'involvedObject.namespace',
    'involvedObject.name',
    'involvedObject.uid',
    'involvedObject.apiVersion',
    'involvedObject.resourceVersion',
    'involvedObject.fieldPath',
    'reason',
    'type',
  ],
}

/** As in `metadata.name=a,type!=b`. */
export function fieldSelector(text: string | null, { group, kind }: Resource): Selects {
  if (!text) return all
  const fields = new Set(['metadata.name', 'metadata.namespace', ...(group === '' ? (known[kind] ?? []) : [])])
  const tests = text.split(',').map((part) => {
    const [, field = '', sign, value] = /^([\w.]+)(==|=|!=)(.*)$/.exec(part) ?? []
    if (!fields.has(field)) throw badRequest(`field label not supported: ${field || part}`)
    return (thing: Thing) => ((textAt(thing, ...field.split('.')) ?? '') === value) !== (sign === '!=')
  })
  return (thing) => tests.every((test) => test(thing))
}
