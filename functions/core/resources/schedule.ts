import { z } from 'zod'
import { weekdays } from '../schedule/clock.ts'

const time = z.strictObject({
  days: z.array(z.enum(weekdays)).max(7).optional().describe('On these days of the week; absent = on all.'),
  dates: z
    .array(z.string().min(1).max(32))
    .max(100)
    .optional()
    .describe('On these dates: 2026-12-31, every year as 12-31, or from A to B, both included, as 12-29/01-03.'),
  from: z.string().min(1).max(8).optional().describe('Beginning at HH:MM; absent = 00:00.'),
  until: z
    .string()
    .min(1)
    .max(8)
    .optional()
    .describe(
      'Ending before HH:MM, 24:00 allowed; absent = 24:00. Not after `from` means past midnight: those hours belong to the day on which they began.',
    ),
})

/** When something holds: a rule, or a Bot's quiet hours. What a time may say exactly is judged by core/schedule.ts. */
export const schedule = z.strictObject({
  timeZone: z
    .string()
    .min(1)
    .max(64)
    .describe('Whose clock: an IANA name such as Asia/Taipei or UTC; letters such as CST mean more than one zone.'),
  times: z
    .array(time)
    .max(50)
    .optional()
    .describe('Any of these; each holds when all that it says does. Absent = always, but for `except`.'),
  except: z
    .array(time)
    .max(50)
    .optional()
    .describe('But at none of these; one without hours is about all that begins on such a day, past midnight too.'),
})
