/**
 * What choosing a rule costs, cold and warm: `node test/bench/match.ts`. Prints the first message of a new matcher (it
 * builds the index) and the mean of the next ones, for 10, 1,000 and 10,000 keywords of each match kind. Each row runs
 * in a process of its own, so that "first" is cold code too.
 */
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { makeMatcher } from '../../functions/core/match.ts'
import { type MatchKind, matchKinds, type Rule } from '../../functions/core/rule.ts'
import { linearRegex } from '../../functions/edge/linear-regex.ts'

const rounds = 2000
const scripts = [
  'abcdefghijklmnopqrstuvwxyz',
  'あいうえおかきくけこさしすせそたちつてと',
  '火水木金土雷龍獣牙角翼尾頭腹脚爪鱗殻弱点',
]

/** This thread's own time, so that a busy machine does not count. */
function cpuMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}

/** The same numbers every time. */
function randomFrom(seed: number) {
  let state = seed
  return (below: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

function textOf(random: (below: number) => number, least: number, most: number): string {
  const script = scripts[random(scripts.length)] ?? ''
  return Array.from({ length: least + random(most - least + 1) }, () => script[random(script.length)]).join('')
}

function measure(match: MatchKind, count: number) {
  const random = randomFrom(42)
  const keywords = Array.from({ length: count }, () => textOf(random, 3, 10))
  const rules = Array.from({ length: Math.ceil(count / 10) }, (_, index): Rule => {
    const own = keywords.slice(index * 10, index * 10 + 10)
    return { event: `e${index}`, index, type: 'message', match, keywords: own, priority: 0, replies: [] }
  })
  const matcher = makeMatcher([{ binding: 'b', priority: 0, rules }], linearRegex)
  const said = Array.from({ length: rounds }, (_, i) =>
    i % 20 === 0 ? (keywords[random(count)] ?? '') : textOf(random, 5, 100),
  )
  const choose = (text: string) =>
    matcher.choose({ type: 'message', message: { type: 'text', text } }, { answer: 'Always' })
  const started = cpuMs()
  choose(said[0] ?? '')
  const first = cpuMs() - started
  for (const text of said.slice(0, 300)) choose(text)
  const warm = cpuMs()
  const hits = said.filter((text) => choose(text) !== undefined).length
  const each = ((cpuMs() - warm) * 1000) / rounds
  return { match, keywords: count, 'first ms': first.toFixed(2), 'each µs': each.toFixed(1), hits }
}

const evil = {
  'nested repetition': '^(a+)+$',
  'all counts allowed': `${'(.{0,16})'.repeat(33)}$`,
  'captures in counts': `${'(.){0,16}'.repeat(33)}$`,
  'many alternatives': `${'(a|b|c|d)'.repeat(33)}$`,
}

/** The longest message that LINE sends, against patterns of the greatest length. */
function measureEvil() {
  return Object.entries(evil).map(([name, pattern]) => {
    const compiled = linearRegex(pattern)
    const started = cpuMs()
    compiled.test(`${'a'.repeat(5000)}!`)
    return { pattern: name, 'ms for 5,000 letters': (cpuMs() - started).toFixed(1) }
  })
}

const run = (match: MatchKind, keywords: number): unknown =>
  JSON.parse(
    execFileSync(process.execPath, [fileURLToPath(import.meta.url), match, `${keywords}`], { encoding: 'utf8' }),
  )

const [kind, count] = process.argv.slice(2)
const known = matchKinds.find((one) => one === kind)
if (known) console.log(JSON.stringify(measure(known, Number(count))))
else {
  console.table(matchKinds.flatMap((match) => [10, 1000, 10_000].map((keywords) => run(match, keywords))))
  console.table(measureEvil())
}
