import { describe, expect, it } from 'vitest'
import { render } from '../../../functions/core/template.ts'

/** What the filter makes of the value; marked, so that it may be empty. */
const made = (value: string, filter: string) =>
  render([{ text: `[{{x | ${filter}}}]` }], () => value)[0]?.text.slice(1, -1)

it.each([
  ['', 'default: "friend"', 'friend'],
  ['Kai', 'default: "friend"', 'Kai'],
  [' ', 'strip | default: "friend"', 'friend'],
  ['Straße', 'upcase', 'STRASSE'],
  ['ABC', 'downcase', 'abc'],
  [' 　a b\n', 'strip', 'a b'],
  ['a b&=/火', 'url_encode', 'a%20b%26%3D%2F%E7%81%AB'],
  ['\udc00', 'url_encode', '%EF%BF%BD'],
  ['say "hi"\n', 'json', '"say \\"hi\\"\\n"'],
  ['', 'json', '""'],
])('%j | %s is %j', (value, filter, expected) => expect(made(value, filter)).toBe(expected))

describe('truncate counts as a person does', () => {
  it.each([
    ['abcdef', '6', 'abcdef'],
    ['abcdef', '5', 'abcd…'],
    ['火龍火龍', '3', '火龍…'],
    ['👨‍👩‍👧‍👦👨‍👩‍👧‍👦', '2', '👨‍👩‍👧‍👦👨‍👩‍👧‍👦'],
    ['👨‍👩‍👧‍👦👨‍👩‍👧‍👦👋🏽', '2', '👨‍👩‍👧‍👦…'],
    ['がかか', '2', 'が…'],
    ['abcdef', '5, ""', 'abcde'],
    ['abcdef', '5, " etc."', ' etc.'],
    ['abcdef', '2, "..."', '..'],
    ['abcdef', '1', '…'],
  ])('%j to %s is %j', (value, args, expected) => expect(made(value, `truncate: ${args}`)).toBe(expected))
})

describe('date', () => {
  const moment = '2026-03-05T06:07:08.009Z'

  it.each([
    ['%Y %y %m %d %e %j', '2026 26 03 05  5 064'],
    ['%H %I %k %l %M %S %L', '06 06  6  6 07 08 009'],
    ['%a %A %b %B %p %P', 'Thu Thursday Mar March AM am'],
    ['%u %w %z %s %%', '4 4 +0000 1772690828 %'],
    ['%F %T %R %D', '2026-03-05 06:07:08 06:07 03/05/26'],
    ['%-m/%-d %_m %0e %^a', '3/5  3 05 THU'],
    ['no letters', 'no letters'],
  ])('writes %j', (format, expected) => expect(made(moment, `date: "${format}"`)).toBe(expected))

  it.each([
    ['2026-03-05T06:07:08.009Z', 'Asia/Taipei', '2026-03-05 14:07 +0800'],
    ['2026-03-05T20:07:08Z', 'Asia/Tokyo', '2026-03-06 05:07 +0900'],
    ['2026-07-01T00:30:00Z', 'America/St_Johns', '2026-06-30 22:00 -0230'],
    // The hour that comes twice.
    ['2026-11-01T05:30:00Z', 'America/New_York', '2026-11-01 01:30 -0400'],
    ['2026-11-01T06:30:00Z', 'America/New_York', '2026-11-01 01:30 -0500'],
    ['2026-03-05T06:07+08:00', 'UTC', '2026-03-04 22:07 +0000'],
    ['1772690828009', 'Asia/Taipei', '2026-03-05 14:07 +0800'],
    ['1772690828', '+09:00', '2026-03-05 15:07 +0900'],
  ])('shows the moment %s in %s', (value, zone, expected) =>
    expect(made(value, `date: "%Y-%m-%d %H:%M %z", "${zone}"`)).toBe(expected),
  )

  it.each([
    ['2026-03-05', '%m/%d', '03/05'],
    ['2026-03-05', '%H:%M', '00:00'],
    ['2026-03-05T14:30', '%m/%d %H:%M', '03/05 14:30'],
    ['2026-03-05t14:30', '%m/%d %H:%M', '03/05 14:30'],
    ['14:30', '%l:%M %p', ' 2:30 PM'],
  ])('leaves %s, of LINE’s pickers, where it is', (value, format, expected) =>
    expect(made(value, `date: "${format}", "Asia/Taipei"`)).toBe(expected),
  )

  it.each([
    ['tomorrow', '%Y'],
    ['', '%Y'],
    ['2026-02-30', '%Y'],
    ['2026-13-01', '%Y'],
    ['24:00', '%H'],
    ['12', '%H'],
    ['2026-03-0514:30', '%H'],
    // A time has no date, and what has no zone is no moment.
    ['14:30', '%m/%d'],
    ['2026-03-05', '%s'],
    ['99999999999999', '%Y', 'Nowhere/Never'],
  ])('leaves %j as it is when asked for %s', (value, format, zone = 'UTC') =>
    expect(made(value, `date: "${format}", "${zone}"`)).toBe(value),
  )

  it.each([
    ['th', 'พ.ศ. 2569, 2569'],
    ['ja', '令和8年, 8'],
    ['zh-TW', '民國115年, 115'],
    ['zh-CN', '2026, 2026'],
    ['en', '2026, 2026'],
  ])('counts years by the era of %s', (language, expected) =>
    expect(made('2026-03-05', `date: "%EY, %Ey", "UTC", "${language}"`)).toBe(expected),
  )

  it.each([
    ['ja', '3月5日(木) 午後'],
    ['zh-TW', '3月5日(週四) 下午'],
    ['nobody knows', '2026-03-05T16:00'],
  ])('writes words in %s', (language, expected) =>
    expect(made('2026-03-05T16:00', `date: "%-m月%-d日(%a) %p", "UTC", "${language}"`)).toBe(expected),
  )
})
