import type { Act, Conversation } from '../../core/conversation.ts'
import type { Problem } from '../../core/problem.ts'
import type { Failure } from './play.ts'

/** One conversation of a file, had. */
export interface Played {
  readonly conversation: Conversation
  readonly failures: readonly Failure[]
  /** So many of its steps were played at LINE too. */
  readonly endToEnd: number
  readonly ms: number
}

/** All of one test file. */
export interface FileReport {
  readonly name: string
  /** What stands in the way of the test, as `FILE:LINE:COLUMN: …`. */
  readonly faults: readonly string[]
  readonly played: readonly Played[]
  /** How far end to end, where that was asked for. */
  readonly how?: string
  /** Line and column of a step's path. */
  readonly placeOf: (path: Problem['path']) => string
}

export const failedIn = ({ played }: FileReport) => played.filter(({ failures }) => failures.length > 0)

/** For a terminal: each file, what failed in it, and a sum. */
export function report(files: readonly FileReport[], ms: number): string {
  const played = files.flatMap((file) => file.played)
  const failed = files.flatMap(failedIn).length
  const broken = files.filter(({ faults }) => faults.length > 0).length
  const sum = [
    `${plural(played.length, 'conversation')}: ${played.length - failed} passed`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(broken > 0 ? [`${plural(broken, 'file')} not understood`] : []),
  ]
  return [...files.flatMap(linesOf), `${sum.join(', ')} (${Math.round(ms)} ms)`].join('\n')
}

const plural = (count: number, word: string) => `${count} ${word}${count === 1 ? '' : 's'}`

function linesOf(file: FileReport): string[] {
  if (file.faults.length > 0) return [`! ${file.name}`, ...file.faults.map(indented)]
  const failed = failedIn(file)
  const count = plural(file.played.length, 'conversation')
  const about = file.how === undefined ? count : `${count}; ${file.how}`
  return [
    `${failed.length > 0 ? '✗' : '✓'} ${file.name} (${about})`,
    ...failed.flatMap((one) => failureLines(one, file).map(indented)),
  ]
}

const indented = (line: string) => (line === '' ? '' : `  ${line}`)

function failureLines({ conversation, failures }: Played, { placeOf }: FileReport): string[] {
  return [
    `✗ ${conversation.name}`,
    ...failures.flatMap((failure) => [`  ${placeOf(failure.step.path)}: ${titleOf(failure)}`, ...detailsOf(failure)]),
    '',
  ]
}

/** What is wrong, further in. */
export const detailsOf = ({ lines }: Failure): string[] => lines.map((line) => `    ${line}`)

/** Who did what. */
export const titleOf = ({ step: { as, act } }: Failure): string => `${as}: ${inWords(act)}`

function inWords(act: Act): string {
  switch (act.do) {
    case 'say':
      return inOneLine(act.text)
    case 'send':
      return `sends ${String(act.content.type)}`
    case 'edit':
      return `changes it to ${inOneLine(act.text)}`
    case 'unsend':
      return 'takes it back'
    case 'press':
      return act.column === undefined ? `presses ${act.label}` : `presses ${act.label} in column ${act.column}`
    case 'postback':
      return `postback ${act.data}`
    case 'happen':
      return act.event.type
  }
}

const inOneLine = (text: string) => `“${text.replaceAll('\n', ' ')}”`
