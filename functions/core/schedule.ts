/** In the order of ISO 8601; Kubernetes has no words for them. */
export const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const
export type Weekday = (typeof weekdays)[number]

/** A part of the week or the year; it holds when all that it says does. */
export interface Times {
  readonly days?: readonly Weekday[] | undefined
  /** `2026-12-31`, every year `12-31`, or two of a kind with `/` between: from one to the other, both included. */
  readonly dates?: readonly string[] | undefined
  /** `HH:MM`; absent = 00:00. */
  readonly from?: string | undefined
  /** `HH:MM`, exclusive; absent = 24:00. Not after `from`: past midnight, and belongs to the day it began. */
  readonly until?: string | undefined
}

/** When something holds. */
export interface Schedule {
  /** An IANA name. */
  readonly timeZone: string
  /** Any of these; absent = always. */
  readonly times?: readonly Times[] | undefined
  readonly except?: readonly Times[] | undefined
}
