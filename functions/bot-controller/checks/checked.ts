import type { Finding } from '../../core/condition.ts'

/** What a check found. `terminal`: trying again changes nothing until something that it depends on changes. */
export interface Checked extends Finding {
  readonly terminal?: true
}

export type PartType = 'CredentialsValid' | 'RulesReady' | 'ServiceReady' | 'WebhookReady'

/** Makes the findings of one condition. Every message that is not good news says what to do next, or who does. */
export const findings = (type: PartType) => ({
  good: (reason: string, message: string): Checked => ({ type, status: 'True', reason, message }),
  /** Not yet: somebody else is at it, or it is tried again. */
  waiting: (reason: string, message: string): Checked => ({ type, status: 'Unknown', reason, message }),
  bad: (reason: string, message: string): Checked => ({ type, status: 'False', reason, message }),
  /** Bad, and only a person can change it. */
  stuck: (reason: string, message: string): Checked => ({ type, status: 'False', reason, message, terminal: true }),
})
