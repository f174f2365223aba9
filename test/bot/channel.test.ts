import { expect, it } from 'vitest'
import { readChannel } from '../../functions/bot/channel.ts'
import { directoryOf } from './files.ts'

it('a channel is read as it is mounted, without the newlines that editors leave', () => {
  using directory = directoryOf({ channelSecret: 'new\n', channelSecretPrevious: 'old\r\n', channelId: ' 1234\n' })
  expect(readChannel(directory.path)).toEqual({ channelSecret: 'new', secrets: ['new', 'old'], channelId: '1234' })
})

it('a channel’s empty keys are absent', () => {
  using directory = directoryOf({
    channelSecret: 's',
    channelSecretPrevious: '\n',
    channelId: '',
    channelAccessToken: 't',
  })
  expect(readChannel(directory.path)).toEqual({ channelSecret: 's', secrets: ['s'], channelAccessToken: 't' })
})

it('a channel without its secret is an error that says what to add', () => {
  using directory = directoryOf({ channelId: '1234' })
  expect(() => readChannel(directory.path)).toThrow(/has no channelSecret; add it to the Secret/)
})
