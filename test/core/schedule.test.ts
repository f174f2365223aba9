import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { quietProblems, scheduleProblems } from '../../functions/core/schedule/problems.ts'
import { clockOf, isOpen, type Schedule, type Times } from '../../functions/core/schedule.ts'

const opensAt = (schedule: Schedule, at: string) => isOpen(schedule, new Date(at))
const inTaipei = (...times: Times[]): Schedule => ({ timeZone: 'Asia/Taipei', times })
const inNewYork = (...times: Times[]): Schedule => ({ timeZone: 'America/New_York', times })

const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri'] as const
const shop = inTaipei({ days: weekdays, from: '09:00', until: '18:00' })
const night = inTaipei({ days: ['Fri'], from: '22:00', until: '02:00' })
const late = inTaipei({ days: ['Thu', 'Fri'], from: '18:00', until: '02:00' })
const allHours: Times = { dates: ['2026-01-09'], from: '00:00', until: '24:00' }

describe('a schedule', () => {
  it.each<[string, Schedule, string, boolean]>([
    ['before it opens', shop, '2026-11-20T08:59:59+08:00', false],
    ['when it opens', shop, '2026-11-20T09:00:00+08:00', true],
    ['in its last second', shop, '2026-11-20T17:59:59+08:00', true],
    ['when it closes', shop, '2026-11-20T18:00:00+08:00', false],
    ['on another day', shop, '2026-11-21T12:00:00+08:00', false],
    ['where it is another day than in UTC', shop, '2026-11-22T16:30:00Z', false],
    ['where it is Monday already', shop, '2026-11-23T01:30:00Z', true],
    ['the evening it begins', night, '2026-11-20T22:00:00+08:00', true],
    ['past midnight, which belongs to Friday', night, '2026-11-21T01:59:00+08:00', true],
    ['at its end', night, '2026-11-21T02:00:00+08:00', false],
    ['the night before', night, '2026-11-20T01:00:00+08:00', false],
    ['the evening after', night, '2026-11-21T23:00:00+08:00', false],
    ['until 24:00', inTaipei({ from: '20:00', until: '24:00' }), '2026-11-21T23:59:59+08:00', true],
    ['after 24:00', inTaipei({ from: '20:00', until: '24:00' }), '2026-11-22T00:00:00+08:00', false],
    ['from alone', inTaipei({ from: '20:00' }), '2026-11-21T23:59:00+08:00', true],
    ['until alone', inTaipei({ until: '06:00' }), '2026-11-21T05:59:00+08:00', true],
    [
      'around the clock from 08:00',
      inTaipei({ days: ['Fri'], from: '08:00', until: '08:00' }),
      '2026-11-21T07:59:00+08:00',
      true,
    ],
    ['on its date', inTaipei({ dates: ['2026-12-31'] }), '2026-12-31T00:00:00+08:00', true],
    ['a year later', inTaipei({ dates: ['2026-12-31'] }), '2027-12-31T12:00:00+08:00', false],
    ['on a date of every year', inTaipei({ dates: ['12-31'] }), '2031-12-31T12:00:00+08:00', true],
    ['on the last day of a range', inTaipei({ dates: ['2026-12-31/2027-01-02'] }), '2027-01-02T23:00:00+08:00', true],
    ['after a range', inTaipei({ dates: ['2026-12-31/2027-01-02'] }), '2027-01-03T00:00:00+08:00', false],
    ['in a range over the year’s end', inTaipei({ dates: ['12-29/01-03'] }), '2029-01-01T12:00:00+08:00', true],
    ['outside a range over the year’s end', inTaipei({ dates: ['12-29/01-03'] }), '2029-07-01T12:00:00+08:00', false],
    ['on the 29th of February', inTaipei({ dates: ['02-29'] }), '2028-02-29T12:00:00+08:00', true],
    ['on a date, but not its day', inTaipei({ dates: ['12-25'], days: ['Mon'] }), '2026-12-25T12:00:00+08:00', false],
    ['at one of two times', inTaipei({ days: ['Sun'] }, { from: '09:00' }), '2026-11-20T10:00:00+08:00', true],
    ['without times', { timeZone: 'UTC' }, '2026-11-20T10:00:00Z', true],
    ['with lists that say nothing', inTaipei({ days: [], dates: [] }), '2026-11-20T10:00:00Z', true],
    ['on a holiday', { ...shop, except: [{ dates: ['01-01'] }] }, '2027-01-01T10:00:00+08:00', false],
    ['the night before a holiday', { ...late, except: [{ dates: ['2026-01-09'] }] }, '2026-01-09T01:00:00+08:00', true],
    ['the night of a holiday', { ...late, except: [{ dates: ['2026-01-09'] }] }, '2026-01-09T20:00:00+08:00', false],
    ['the rest of that night', { ...late, except: [{ dates: ['2026-01-09'] }] }, '2026-01-10T01:00:00+08:00', false],
    ['till a given hour', { ...late, except: [{ days: ['Fri'], until: '01:00' }] }, '2026-01-09T00:30:00+08:00', false],
    ['at lunch', { ...shop, except: [{ from: '12:00', until: '13:00' }] }, '2026-11-20T12:30:00+08:00', false],
    ['the rest of a night, by hours', { ...late, except: [allHours] }, '2026-01-10T01:00:00+08:00', true],
    ['the night before, by hours', { ...late, except: [allHours] }, '2026-01-09T01:00:00+08:00', false],
    ['after lunch', { ...shop, except: [{ from: '12:00', until: '13:00' }] }, '2026-11-20T13:00:00+08:00', true],
    ['in the hour that spring skips', inNewYork({ from: '02:30', until: '03:30' }), '2026-03-08T07:00:00Z', true],
    ['before the hour that spring skips', inNewYork({ from: '02:30', until: '03:30' }), '2026-03-08T06:59:00Z', false],
    ['in the hour that autumn has twice', inNewYork({ from: '01:00', until: '02:00' }), '2026-11-01T05:30:00Z', true],
    ['in its second time', inNewYork({ from: '01:00', until: '02:00' }), '2026-11-01T06:30:00Z', true],
    [
      'a night with a change of clocks',
      inNewYork({ days: ['Sat'], from: '22:00', until: '06:00' }),
      '2026-03-08T09:59:00Z',
      true,
    ],
    ['after that night', inNewYork({ days: ['Sat'], from: '22:00', until: '06:00' }), '2026-03-08T10:00:00Z', false],
  ])('%s', (_, schedule, at, open) => expect(opensAt(schedule, at)).toBe(open))

  it('is open in each hour of a day just where its hours say, whatever the zone', () => {
    const hour = fc.integer({ min: 0, max: 23 })
    const zone = fc.constantFrom('UTC', 'Asia/Taipei', 'Asia/Kathmandu', 'Pacific/Kiritimati')
    const at = fc.date({ min: new Date('2026-01-01'), max: new Date('2030-01-01'), noInvalidDate: true })
    fc.assert(
      fc.property(zone, hour, hour, at, (timeZone, from, until, moment) => {
        const format = new Intl.DateTimeFormat('sv-SE', { timeZone, hour: '2-digit', hourCycle: 'h23' })
        const now = Number(format.format(moment))
        const open = from < until ? from <= now && now < until : now >= from || now < until
        const written = (hours: number) => `${String(hours).padStart(2, '0')}:00`
        const schedule = { timeZone, times: [{ from: written(from), until: written(until) }] }
        expect(isOpen(schedule, moment)).toBe(open)
      }),
    )
  })

  it('says what its clock shows', () => {
    expect(clockOf(shop, new Date('2026-11-21T15:10:00Z'))).toBe('Sat 2026-11-21 23:10 in Asia/Taipei')
  })
})

describe('what is wrong in a schedule', () => {
  const forEver = 's.times: none, and the bot would never say a word: write when, or suspend the Bot'
  const problems = (schedule: unknown) =>
    // What the CRD lets through, some of it wrong.
    scheduleProblems(schedule as Schedule, 's').map(({ path, message }) => `${path}: ${message}`)

  it.each<[unknown, string[]]>([
    [{ ...shop, except: [{ dates: ['01-01', '2026-12-31/2027-01-02'] }] }, []],
    ...'UTC GMT JST Japan Singapore Hongkong ROC ROK PRC NZ EST5EDT +08:00'
      .split(' ')
      .map((timeZone): [unknown, string[]] => [{ timeZone }, []]),
    [
      { timeZone: 'CST' },
      ['s.timeZone: CST stands for more than one time zone; write Asia/Taipei, Asia/Shanghai or America/Chicago'],
    ],
    [
      { timeZone: 'est' },
      ['s.timeZone: est stands for more than one time zone; write America/New_York or Australia/Sydney'],
    ],
    [{ timeZone: 'ECT' }, ['s.timeZone: ECT stands for more than one time zone; write one such as Asia/Taipei']],
    [{ timeZone: 'KST' }, ['s.timeZone: KST is no time zone of the IANA database; did you mean Asia/Seoul?']],
    [{ timeZone: 'Taipei' }, ['s.timeZone: Taipei is no time zone of the IANA database; did you mean Asia/Taipei?']],
    [
      { timeZone: 'Asia/Tapei' },
      ['s.timeZone: Asia/Tapei is no time zone of the IANA database; did you mean Asia/Taipei?'],
    ],
    [
      { timeZone: 'new york' },
      ['s.timeZone: new york is no time zone of the IANA database; did you mean America/New_York?'],
    ],
    [
      { timeZone: 'CST+8' },
      ['s.timeZone: CST+8 is no time zone of the IANA database; write one such as Asia/Taipei or UTC'],
    ],
    [
      inTaipei({ from: '9:00', until: '24:01' }, { from: '24:00', until: '12:60' }),
      [
        's.times[0].from: 9:00 is no time of day: HH:MM, from 00:00 to 23:59',
        's.times[0].until: 24:01 is no time of day: HH:MM, from 00:00 to 24:00',
        's.times[1].from: 24:00 is no time of day: HH:MM, from 00:00 to 23:59',
        's.times[1].until: 12:60 is no time of day: HH:MM, from 00:00 to 24:00',
      ],
    ],
    ...['2026-02-29', '02-30', '2026/02/30', '31/12', '12-31/', 'Christmas', '13-01', '01-01/01-02/01-03'].map(
      (date): [unknown, string[]] => [
        { timeZone: 'UTC', except: [{ dates: [date] }] },
        [`s.except[0].dates[0]: ${date} is no date: write 2026-12-31, every year 12-31, or a range as 12-29/01-03`],
      ],
    ),
    ...[
      ['2026/02/01', '2026-02-01'],
      ['2026-1-1', '2026-01-01'],
      ['12/31', '12-31'],
      ['2026年2月1日', '2026-02-01'],
    ].map(([date, meant]): [unknown, string[]] => [
      { timeZone: 'UTC', except: [{ dates: [date] }] },
      [`s.except[0].dates[0]: ${date} is no date: write ${meant}`],
    ]),
    [{ timeZone: 'UTC' }, []],
    [inTaipei(), ['s.times: an empty list: write when, or leave times out, and it is always']],
    [
      inTaipei({ dates: ['2026-12-31/01-02'] }),
      ['s.times[0].dates[0]: 2026-12-31/01-02: write both dates with a year, or both without'],
    ],
    [
      inTaipei({ dates: ['2027-01-02/2026-12-31'] }),
      ['s.times[0].dates[0]: 2027-01-02/2026-12-31 ends before it begins: write 2026-12-31/2027-01-02'],
    ],
    [
      inTaipei({ dates: ['2026-12-25'], days: ['Mon', 'Tue'] }),
      ['s.times[0]: never: none of its dates is a Mon or Tue'],
    ],
    [inTaipei({ dates: ['2026-12-25/2026-12-28'], days: ['Mon'] }), []],
    [inTaipei({ dates: ['12-25'], days: ['Mon'] }), []],
    [{ timeZone: 'UTC', except: [{}] }, ['s: never holds: except takes away all of its times']],
    [
      { ...night, except: [{ days: ['Fri', 'Sat'], from: '22:00', until: '02:00' }] },
      ['s: never holds: except takes away all of its times'],
    ],
    [{ ...night, except: [{ days: ['Fri'] }] }, ['s: never holds: except takes away all of its times']],
    [{ ...night, except: [{ days: ['Fri'], from: '00:00', until: '24:00' }] }, []],
    [{ ...night, except: [{ days: ['Sat'] }] }, []],
    [{ ...night, except: [{}] }, ['s: never holds: except takes away all of its times']],
    [{ ...shop, except: [{ from: '09:00', until: '17:00' }] }, []],
    [
      { ...inTaipei({ dates: ['12-25'] }), except: [{ dates: ['12-24/12-26'] }] },
      ['s: never holds: except takes away all of its times'],
    ],
  ])('%j', (schedule, said) => expect(problems(schedule)).toEqual(said))

  it.each([
    [shop, []],
    [{ timeZone: 'UTC', except: shop.times }, []],
    [
      { timeZone: 'UTC', times: [], except: [{ dates: ['12-25'] }] },
      ['s.times: an empty list: write when, or leave times out, and the bot is always silent, but for except'],
    ],
    [{ timeZone: 'UTC' }, [forEver]],
    [{ timeZone: 'UTC', times: [], except: [] }, [forEver]],
    [{ timeZone: 'Taipei' }, [expect.stringContaining('did you mean Asia/Taipei?'), forEver]],
  ])('%j of quiet hours', (schedule, said) => {
    expect(quietProblems(schedule, 's').map(({ path, message }) => `${path}: ${message}`)).toEqual(said)
  })

  it('is never said to be never when it holds some time', () => {
    const days = fc.subarray(['Mon', 'Sat'] as const)
    const dates = fc.subarray(['01-01', '2026-01-03', '12-30/01-02', '2026-01-05/2026-01-06'])
    const from = fc.constantFrom(undefined, '00:00', '06:00', '22:00')
    const until = fc.constantFrom(undefined, '00:00', '06:00', '22:00', '24:00')
    const times = fc.record({ days, dates, from, until })
    const hours = Array.from({ length: 24 * 40 }, (_, i) => new Date(Date.UTC(2025, 11, 20, i)))
    const any = fc.array(times, { maxLength: 2 })
    fc.assert(
      fc.property(any, any, (some, except) => {
        const schedule = { timeZone: 'UTC', times: some, except }
        const never = problems(schedule).includes('s: never holds: except takes away all of its times')
        expect(never && hours.some((at) => isOpen(schedule, at))).toBe(false)
      }),
    )
  })
})
