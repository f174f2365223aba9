import { describe, expect, it } from 'vitest'
import { type Env, fromEnv } from '../../functions/edge/env.ts'

const read = (env: Env) => ({
  name: env.text('NAME'),
  level: env.oneOf('LEVEL', ['Info', 'Warn'], 'Info'),
  port: env.port('PORT', 8080),
  suspend: env.truth('SUSPEND'),
  api: env.url('API', 'https://api.line.me'),
  prefix: env.optional('PREFIX'),
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
    })
  })

  it('is read as it is set', () => {
    const set = { NAME: 'a', LEVEL: 'Warn', PORT: '0', SUSPEND: 'true', API: 'http://127.0.0.1:7072', PREFIX: '!' }
    expect(fromEnv(set, read)).toEqual({
      name: 'a',
      level: 'Warn',
      port: 0,
      suspend: true,
      api: 'http://127.0.0.1:7072',
      prefix: '!',
    })
  })

  it('that is wrong is refused with everything that is wrong', () => {
    const wrong = { LEVEL: 'info', PORT: '65536', SUSPEND: 'yes', API: 'api.line.me' }
    expect(() => fromEnv(wrong, read)).toThrow(
      'environment: NAME is missing; LEVEL is "info", should be Info or Warn; PORT is "65536", should be a port; ' +
        'SUSPEND is "yes", should be true or false; API is "api.line.me", should be an http: or https: URL',
    )
  })
})
