import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const pages = globSync(['README.md', 'docs/**/*.md'], { cwd: root })

/** The anchors that GitHub makes of a page's headings. */
const anchorsOf = (page: string) =>
  [...read(page).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-'),
  )

it.each(pages)('every link on %s leads somewhere', (page) => {
  const links = [...read(page).matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, link = '']) => link)
  const broken = links.filter((link) => {
    const [path = '', anchor] = link.split('#')
    const target = path === '' ? page : join(dirname(page), path)
    if (!existsSync(join(root, target))) return true
    return anchor !== undefined && target.endsWith('.md') && !anchorsOf(target).includes(anchor)
  })
  expect(broken).toEqual([])
})

it('Operations explains every reason that a condition can have', () => {
  const code = globSync('functions/{bot,event}-controller/**/*.ts', { cwd: root }).map(read).join('\n')
  const calls = code.matchAll(
    /\b(?:good|waiting|bad|stuck|ready)\(\s*(?:'(?:True|False)',\s*)?(?:[^'\n]*\? )?\s*'([A-Z]\w+)'(?: : '([A-Z]\w+)')?/g,
  )
  const made = code.matchAll(/reason: '([A-Z]\w+)'/g)
  const reasons = new Set([...calls, ...made].flatMap(([, ...found]) => found.filter((one) => one !== undefined)))
  const explained = read('docs/operations.md')
  expect(reasons.size).toBeGreaterThan(20)
  expect([...reasons].filter((reason) => !explained.includes(`\`${reason}\``))).toEqual([])
})
