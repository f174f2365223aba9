import type { Answering } from '../../bot/answer.ts'
import { answerIn } from '../../core/forward/answer.ts'
import { ForwardError } from '../../edge/forward.ts'
import type { Heard } from './engine.ts'

/** Whom rules forward to, as a step tells it. */
export interface Target extends Pick<Answering, 'forward' | 'startTimer'> {
  readonly handOver: NonNullable<Answering['handOver']>
  /** Lets a late answer come. */
  answerAtLast(): void
  /** What the test forgot to say, or says in vain. */
  problems(): readonly string[]
}

/** Time is the test's: a target is late or it is not, and nobody waits. */
export function makeTarget({ forward: told }: Heard, toBot: (name: string) => Promise<readonly string[]>): Target {
  const problems: string[] = []
  const atLast = Promise.withResolvers<void>()
  let asked = false
  return {
    async forward({ url, rule }) {
      asked = true
      if (!told) {
        problems.push(`rule ${rule} forwards to ${url}: say in forward what that answers`)
        throw new ForwardError('the test does not say what it answers', false)
      }
      if (told.late) await atLast.promise
      if (told.status < 200 || told.status > 299) throw new ForwardError(`it answered ${told.status}`, false)
      problems.push(...answerIn(told).problems.map(({ path, message }) => `forward.${path}: ${message}`))
      return told
    },
    async handOver({ url }) {
      asked = true
      problems.push(...(await toBot(new URL(url).hostname.split('.')[0] ?? '')))
    },
    startTimer: () => ({ rang: told?.late ? Promise.resolve() : new Promise(() => undefined), stop: () => undefined }),
    answerAtLast: atLast.resolve,
    problems: () => (told && !asked ? [...problems, 'forward: nothing was forwarded'] : problems),
  }
}
