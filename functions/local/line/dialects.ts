import type { Path, Problem, Wrong } from './checks.ts'

/** LINE's error body. */
export interface Refusal {
  readonly message: string
  readonly details?: readonly { readonly message: string; readonly property: string }[]
}

/** `messages[0].text` */
const beanPath = (path: Path): string =>
  path.map((step, at) => (typeof step === 'number' ? `[${step}]` : at === 0 ? step : `.${step}`)).join('')

const pointer = (path: Path): string => path.map((step) => `/${step}`).join('') || '/'

const beanWords = (wrong: Wrong): string => {
  switch (wrong.is) {
    case 'missing':
      return 'May not be empty'
    case 'length':
      return `Length must be between ${wrong.min} and ${wrong.max}`
    case 'size':
      return `Size must be between ${wrong.min} and ${wrong.max}`
    case 'range':
      return `Must be between ${wrong.min} and ${wrong.max}`
    case 'value':
      return `Must be one of the following values: [${wrong.values.join(', ')}]`
    case 'uri':
      return 'invalid uri'
    case 'scheme':
      return 'invalid uri scheme'
    case 'unknown':
      return 'unknown field'
    case 'blockless':
      return 'At least one block must be specified'
    case 'invalid':
      return 'invalid property'
  }
}

const pointerWords = (wrong: Wrong): string => {
  switch (wrong.is) {
    case 'missing':
      return 'must be specified'
    case 'length':
      return `must not be longer than ${wrong.max} characters`
    case 'size':
    case 'range':
      return `must be between ${wrong.min} and ${wrong.max}`
    case 'value':
      return 'invalid property'
    default:
      return beanWords(wrong)
  }
}

/** The dialect for the request and the plain members of messages. */
export const beanRefusal = (problems: readonly Problem[]): Refusal => ({
  message: `The request body has ${problems.length} error(s)`,
  details: problems.map(({ path, wrong }) => ({ message: beanWords(wrong), property: beanPath(path) })),
})

/** The dialect for what is inside a Flex container or a template; of the whole only what it lacks has details. */
export const messageRefusal = (index: number, problems: readonly Problem[]): Refusal => {
  const details = problems
    .filter(({ path, wrong }) => path.length > 0 || wrong.is === 'blockless')
    .map(({ path, wrong }) => ({ message: pointerWords(wrong), property: pointer(path) }))
  return {
    message: `A message (messages[${index}]) in the request body is invalid`,
    ...(details.length > 0 ? { details } : {}),
  }
}
