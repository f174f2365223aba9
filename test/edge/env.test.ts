import { describe, expect, it } from 'vitest'
import { type Env, fromEnv } from '../../functions/edge/env.ts'

const read = (env: Env) => ({
  name: env.text('NAME'),
  level: env.oneOf('LEVEL', ['Info', 'Warn'], 'Info'),
  port: env.port('PORT', 8080),
  suspend: env.truth('SUSPEND'),
  api: env.url('API', 'https://api.line.me'),
  prefix: env.optional('PREFIX'),
  sink: env.optionalUrl('SINK', ['http:']),
  metrics: env.optionalUrl('METRICS'),
})

describe('the environment', () => {
  it('is read with what is absent or empty filled in', () => {
    expect(fromEnv({ NAME: 'a', LEVEL: '', PREFIX: '' }, read)).toEqual({
      name: 'a',
      level: 'Info',
      port: 8080,
      suspend: false,
      api: 'https://api.line.me',
      prefix: undefined,
      sink: undefined,
      metrics: undefined,
    })
  })

  it('is read as it is set', () => {
    const urls = { API: 'http://127.0.0.1:7072', SINK: 'http://broker/a', METRICS: 'https://metrics' }
    expect(fromEnv({ NAME: 'a', LEVEL: 'Warn', PORT: '0', SUSPEND: 'true', PREFIX: '!', ...urls }, read)).toEqual({
      name: 'a',
      level: 'Warn',
      port: 0,
      suspend: true,
      api: 'http://127.0.0.1:7072',
      prefix: '!',
      sink: 'http://broker/a',
      metrics: 'https://metrics',
    })
  })

  it('that is wrong is refused with everything that is wrong', () => {
    const urls = { API: 'api.line.me', SINK: 'https://broker', METRICS: 'http://:9464' }
    const wrong = { LEVEL: 'info', PORT: '65536', SUSPEND: 'yes', ...urls }
    expect(() => fromEnv(wrong, read)).toThrow(
      'environment: NAME is missing; LEVEL is "info", should be Info or Warn; PORT is "65536", should be a port; ' +
        'SUSPEND is "yes", should be true or false; API is "api.line.me", should be an http: or https: URL; ' +
        'SINK is "https://broker", should be an http: URL; METRICS is "http://:9464", should be an http: or https: URL',
    )
  })
})
