import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { exampleValues } from '../../functions/build/reference/examples.ts'
import { anchor, code } from '../../functions/build/reference/markdown.ts'
import { allFields } from '../../functions/build/reference/parts.ts'
import { templateExamples } from '../../functions/build/reference/templates.ts'
import { reference } from '../../functions/build/reference.ts'
import { validate } from '../../functions/cli/validate.ts'
import { eventTypes } from '../../functions/core/events.ts'
import { messageTypes } from '../../functions/core/resources/message.ts'
import { filters } from '../../functions/core/template/filters.ts'
import { templateProblems } from '../../functions/core/template.ts'

const root = join(import.meta.dirname, '../..')
const made = reference()
const pages = [...made]
const values = exampleValues()

/** Fields that are there to be refused. */
const refused = new Set([
  'Bot.spec.template.spec.serviceAccountName',
  'Bot.spec.template.spec.volumes[].projected.sources[].serviceAccountToken',
  'Action.richMenuAliasId',
])

it('has an example of every field (else: write it into docs/reference/examples)', () => {
  const fields = allFields().map(({ key }) => key)
  expect(fields.length).toBeGreaterThan(200)
  expect(fields.filter((key) => !values.has(key) && !refused.has(key))).toEqual([])
})

it('has an example of every type of message', () => {
  const text = readFileSync(join(root, 'docs/reference/examples/messages.yaml'), 'utf8')
  expect(messageTypes.filter((type) => !new RegExp(`type: ${type}\\b`).test(text))).toEqual([])
})

it.each(globSync('docs/reference/examples/*.yaml', { cwd: root }))(
  'has no example that would be refused: %s',
  async (name) => {
    expect(await validate([{ name, text: readFileSync(join(root, name), 'utf8') }])).toMatchObject({ code: 0 })
  },
)

it('tells what every field means', () => {
  const silent = allFields().filter(({ schema, key }) => !schema.description && !key.endsWith('.metadata'))
  expect(silent.map(({ key }) => key)).toEqual([])
})

it('tells of every one of LINE’s event types', () => {
  const event = made.get('docs/reference/event.md') ?? ''
  expect(eventTypes.filter((type) => !event.includes(`| \`${type}\` |`))).toEqual([])
})

describe('a template that is shown', () => {
  it.each(templateExamples)('$template is right', ({ template, member }) => {
    const scope = { type: 'postback', groups: ['item'] }
    expect(templateProblems([{ [member]: template }], 'reply', scope)).toEqual([])
  })

  it('is there for every filter', () => {
    const shown = templateExamples.map(({ template }) => template).join(' ')
    expect(Object.keys(filters).filter((name) => !new RegExp(`\\| ${name}\\b`).test(shown))).toEqual([])
  })
})

describe('a page', () => {
  it.each(pages)('%s links to what is there', (path, text) => {
    const links = Array.from(text.matchAll(/\]\((?!https:)([^)#]*)(?:#([^)]*))?\)/g))
    expect(links.length).toBeGreaterThan(0)
    const broken = links.filter(([, file, heading]) => {
      const target = file ? join(dirname(path), file) : path
      const there = made.get(target) ?? (globSync(target, { cwd: root }).length > 0 ? '' : undefined)
      return there === undefined || (heading !== undefined && !headingsOf(there).includes(heading))
    })
    expect(broken.map(([link]) => link)).toEqual([])
  })

  it.each(pages)('%s has tables whose rows have as many cells as their heads', (_path, text) => {
    const tables = text
      .trimEnd()
      .split('\n\n')
      .filter((block) => block.startsWith('| '))
    const widths = tables.map((block) => new Set(block.split('\n').map((line) => line.split(/(?<!\\)\|/).length)))
    expect(widths.filter((width) => width.size !== 1)).toEqual([])
  })

  const headingsOf = (text: string) => Array.from(text.matchAll(/^#+ (.*)$/gm), ([, heading = '']) => anchor(heading))
})

it.each([
  ['a|b', '`a\\|b`'],
  ['`', '`` ` ``'],
  ['', '` `'],
  ['a\nb', '`a b`'],
])('writes %j as code in a cell: %s', (text, expected) => expect(code(text)).toBe(expected))
