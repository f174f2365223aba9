/** As `Bot.spec.logLevel` spells them, from most to least. */
export const logLevels = ['Debug', 'Info', 'Warn', 'Error'] as const
export type LogLevel = (typeof logLevels)[number]

type Happening = (message: string, fields?: Readonly<Record<string, unknown>>) => void

/** One call, one line. Never hand it a token, a secret or, above Debug, what a person wrote. */
export interface Log {
  readonly debug: Happening
  readonly info: Happening
  readonly warn: Happening
  readonly error: Happening
}

/** Writes one JSON object a line to stdout, from `level` up: time, level, message, then the fields. Never throws. */
export function makeLog(
  level: LogLevel,
  fields: Readonly<Record<string, unknown>> = {},
  write: (line: string) => void = (line) => process.stdout.write(line),
): Log {
  const at = (lineLevel: LogLevel): Happening =>
    logLevels.indexOf(lineLevel) < logLevels.indexOf(level)
      ? () => {}
      : (message, more) =>
          write(lineFor({ time: new Date().toISOString(), level: lineLevel, message, ...fields, ...more }))
  return { debug: at('Debug'), info: at('Info'), warn: at('Warn'), error: at('Error') }
}

function lineFor(happening: Readonly<Record<string, unknown>>): string {
  try {
    return `${JSON.stringify(happening, errorsAsText)}\n`
  } catch (error) {
    const { time, level, message } = happening
    return `${JSON.stringify({ time, level, message, unloggable: String(error) })}\n`
  }
}

/** JSON.stringify makes `{}` of an Error and throws at a BigInt. */
function errorsAsText(_key: string, value: unknown): unknown {
  return value instanceof Error || typeof value === 'bigint' ? String(value) : value
}
