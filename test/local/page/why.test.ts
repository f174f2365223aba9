import { expect, it } from 'vitest'
import { whyOf } from '../../../functions/local/page/why.ts'
import { makeObjects, object } from './stage.ts'

const rules = [{ keywords: ['火龍'] }, ...['Prefix', 'Contains', 'Regex', 'Fuzzy'].map((match) => ({ match })), {}]
const { objects } = makeObjects(object('Event', 'rathalos', { rules }))

const line = (fields: object) => JSON.stringify({ webhookEventId: 'e', ...fields })
const answered = (rule: string, keyword?: string) =>
  line({ message: 'Incoming was answered', rule, binding: 'hello', keyword, ms: 4 })

it.each([
  ['rathalos/0', '火龍', 'it is exactly “火龍”'],
  ['rathalos/1', '火', 'it begins with “火”'],
  ['rathalos/2', '火', 'it contains “火”'],
  ['rathalos/3', '^火', 'it fits the pattern ^火'],
  ['rathalos/4', 'Rathalos', 'it is nearly “Rathalos”'],
  ['rathalos/5', undefined, 'it has no keywords and takes anything'],
  ['rathalos/9', '火', 'its keyword is “火”'],
  ['gone/0', '火', 'its keyword is “火”'],
])('%s with %s matched because %s', (rule, keyword, because) => {
  const why = whyOf(answered(rule, keyword), 'default', objects)
  expect(why).toEqual({ webhookEventId: 'e', outcome: 'answered', rule, binding: 'hello', ms: 4, because })
})

it('does not look into another namespace', () => {
  expect(whyOf(answered('rathalos/1', '火'), 'other', objects)?.because).toBe('its keyword is “火”')
})

it.each([
  ['unmatched', 'no rule wants it'],
  ['suspended', 'the Bot is suspended'],
  ['duplicate', 'it was done before'],
  ['dreamt', 'dreamt'],
])('%s: %s', (outcome, because) => {
  expect(whyOf(line({ message: `Incoming was ${outcome}` }), 'default')).toEqual({
    webhookEventId: 'e',
    outcome,
    because,
  })
})

it('gives a failure’s own words', () => {
  const failed = line({ message: 'Incoming was failed', error: 'LINE answered 400' })
  expect(whyOf(failed, 'default')).toMatchObject({ outcome: 'failed', because: 'LINE answered 400' })
})

it.each([['not JSON'], ['null'], ['{"message":"the bot listens"}'], ['{"message":"Incoming was answered"}']])(
  '%s says nothing of an Incoming',
  (text) => {
    expect(whyOf(text, 'default')).toBeUndefined()
  },
)
