import { expect, it } from 'vitest'
import { lineCredentials } from '../../functions/core/secret.ts'
import { aSecret } from '../objects.ts'

it.each([
  ['an ID', { channelSecret: 's', channelId: '1' }, { channelSecret: 's', channelId: '1' }],
  ['a token', { channelSecret: 's', channelAccessToken: 't' }, { channelSecret: 's', channelAccessToken: 't' }],
  ['a line end', { channelSecret: 's\n', channelId: '1\n' }, { channelSecret: 's', channelId: '1' }],
  ['another key too', { channelSecret: 's', channelId: '1', note: 'x' }, { channelSecret: 's', channelId: '1' }],
  ['no channel secret', { channelId: '1' }, { missing: 'channelSecret' }],
  ['a channel secret alone', { channelSecret: 's' }, { missing: 'channelId' }],
  ['an empty ID', { channelSecret: 's', channelId: ' \n' }, { missing: 'channelId' }],
  ['nothing', {}, { missing: 'channelSecret' }],
])('says what LINE is asked with, or what is missing for it, of a Secret with %s', (_what, keys, said) => {
  expect(lineCredentials(aSecret(keys))).toEqual(said)
})

it('misses the channel secret of a Secret that is not there', () => {
  expect(lineCredentials(undefined)).toEqual({ missing: 'channelSecret' })
})
