import { describe, expect, it } from 'vitest'
import { type LogLevel, makeLog } from '../../functions/edge/log.ts'

function logged(level: LogLevel, fields = {}) {
  const lines: string[] = []
  return { log: makeLog(level, fields, (line) => void lines.push(line)), lines }
}

describe('a log', () => {
  it('writes one line of JSON a happening, with its own fields and the happening’s', () => {
    const { log, lines } = logged('Info', { bot: 'monster' })
    log.info('Answered\nin two lines', { ms: 3 })
    expect(lines).toHaveLength(1)
    expect(lines[0]?.match(/\n/g)).toHaveLength(1)
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      level: 'Info',
      message: 'Answered\nin two lines',
      bot: 'monster',
      ms: 3,
    })
  })

  it.each([
    ['Debug', ['Debug', 'Info', 'Warn', 'Error']],
    ['Info', ['Info', 'Warn', 'Error']],
    ['Warn', ['Warn', 'Error']],
    ['Error', ['Error']],
  ] as const)('at %s writes %j', (level, written) => {
    const { log, lines } = logged(level)
    log.debug('a')
    log.info('b')
    log.warn('c')
    log.error('d')
    expect(lines.map((line) => JSON.parse(line).level)).toEqual(written)
  })

  it('says what an error says, and never throws at what it cannot write', () => {
    const { log, lines } = logged('Info')
    const loop: { self?: unknown } = {}
    loop.self = loop
    log.error('failed', { error: new TypeError('no such bot'), size: 5n })
    log.error('odd', loop)
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ error: 'TypeError: no such bot', size: '5' }),
      expect.objectContaining({ message: 'odd', unloggable: expect.stringContaining('circular') }),
    ])
  })
})
