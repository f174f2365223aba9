import { isObject, parseJson } from '../core/shape.ts'

/** Reads variables one by one and remembers what is wrong with them. An empty variable counts as absent. */
export interface Env {
  text(name: string, fallback?: string): string
  optional(name: string): string | undefined
  oneOf<T extends string>(name: string, choices: readonly T[], fallback: T): T
  /** 0–65535. */
  port(name: string, fallback: number): number
  truth(name: string): boolean
  /** A JSON object. */
  json(name: string): object | undefined
  /** A whole number, not negative. */
  count(name: string, fallback: number): number
  /** An http: or https: URL. */
  url(name: string, fallback?: string): string
  /** With one of the schemes: http: or https: where none are given. */
  optionalUrl(name: string, schemes?: readonly string[]): string | undefined
}

/** What `read` makes of the variables. Throws one Error that lists everything wrong with them. */
export function fromEnv<T>(variables: Readonly<Record<string, string | undefined>>, read: (env: Env) => T): T {
  const problems: string[] = []
  const settings = read(envOf(variables, problems))
  if (problems.length > 0) throw new Error(`environment: ${problems.join('; ')}`)
  return settings
}

function envOf(variables: Readonly<Record<string, string | undefined>>, problems: string[]): Env {
  const optional = (name: string) => variables[name] || undefined
  const text = (name: string, fallback?: string) => {
    const value = optional(name) ?? fallback
    if (value === undefined) problems.push(`${name} is missing`)
    return value ?? ''
  }
  const wrong = <T>(name: string, should: string, instead: T): T => {
    problems.push(`${name} is ${JSON.stringify(variables[name])}, should be ${should}`)
    return instead
  }
  const urlIn = (name: string, value: string, schemes: readonly string[] = ['http:', 'https:']) =>
    URL.canParse(value) && schemes.some((scheme) => value.startsWith(`${scheme}//`))
      ? value
      : wrong(name, `an ${schemes.join(' or ')} URL`, undefined)
  return {
    text,
    optional,
    oneOf: (name, choices, fallback) => {
      const value = optional(name)
      if (value === undefined) return fallback
      return choices.find((choice) => choice === value) ?? wrong(name, choices.join(' or '), fallback)
    },
    port: (name, fallback) => {
      const value = optional(name) ?? String(fallback)
      return /^\d{1,5}$/.test(value) && Number(value) < 65_536 ? Number(value) : wrong(name, 'a port', fallback)
    },
    count: (name, fallback) => {
      const value = optional(name) ?? String(fallback)
      return /^\d{1,15}$/.test(value) ? Number(value) : wrong(name, 'a whole number', fallback)
    },
    json: (name) => {
      const value = optional(name)
      if (value === undefined) return undefined
      const parsed = parseJson(value)
      return isObject(parsed) ? parsed : wrong(name, 'a JSON object', undefined)
    },
    truth: (name) => {
      const value = optional(name) ?? 'false'
      return value === 'true' || (value !== 'false' && wrong(name, 'true or false', false))
    },
    url: (name, fallback) => {
      const value = text(name, fallback)
      return value && (urlIn(name, value) ?? value)
    },
    optionalUrl: (name, schemes) => {
      const value = optional(name)
      return value && urlIn(name, value, schemes)
    },
  }
}
