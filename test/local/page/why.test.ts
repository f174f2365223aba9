import { expect, it } from 'vitest'
import type { Explanation } from '../../../functions/core/explain.ts'
import type { Rule } from '../../../functions/core/rule.ts'
import { whyOf } from '../../../functions/local/page/why.ts'

const line = (fields: object) => JSON.stringify({ webhookEventId: 'e', ...fields })
const answered = (rule: string, keyword?: string) =>
  line({ message: 'Incoming was answered', rule, binding: 'hello', keyword, ms: 4 })

const rule: Rule = {
  event: 'rathalos',
  index: 1,
  type: 'message',
  match: 'Prefix',
  keywords: ['火'],
  priority: 0,
  replies: [],
}
const explanation: Explanation = {
  candidates: [
    { rule, binding: 'hello', outcome: 'chosen', because: 'the text begins with 火' },
    { rule: { ...rule, index: 2 }, binding: 'hello', outcome: 'outranked', because: 'rathalos/1 comes first' },
  ],
}

it('says why a rule answered, and what became of the others, in the matcher’s words', () => {
  const asked: string[] = []
  const why = whyOf(answered('rathalos/1', '火'), 'default/hello', (...ask) => {
    asked.push(...ask)
    return explanation
  })
  expect(asked).toEqual(['default/hello', 'e'])
  expect(why).toMatchObject({
    because: 'the text begins with 火',
    rules: [
      { rule: 'rathalos/1', outcome: 'chosen' },
      { rule: 'rathalos/2', outcome: 'outranked' },
    ],
  })
})

it.each([
  ['rathalos/9', '火', 'its keyword is “火”'],
  ['rathalos/9', undefined, 'it has no keywords and takes anything'],
])('%s with %s, which the rules of now would not choose, is told by the log', (name, keyword, because) => {
  expect(whyOf(answered(name, keyword), 'default/hello', () => explanation)).toMatchObject({ because })
})

it('says why no rule was asked', () => {
  const unmatched = line({ message: 'Incoming was unmatched' })
  const silent = 'the bot answers only when it is mentioned'
  expect(whyOf(unmatched, 'default/hello', () => ({ candidates: [], silent }))?.because).toBe(silent)
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
