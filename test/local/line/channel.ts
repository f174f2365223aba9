import type { ChannelConfig } from '../../../functions/local/line/channels.ts'

/** The channel that these tests talk to. */
export const hunter = {
  id: '1000000001',
  secret: 'hunter-secret',
  name: 'Hunter',
  destination: `U${'a'.repeat(32)}`,
  accessToken: 'long-lived-hunter',
} satisfies ChannelConfig
