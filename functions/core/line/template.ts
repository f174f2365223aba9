import type { Problem } from '../problem.ts'
import { isObject, type Json } from '../shape.ts'
import { action, hosts } from './action.ts'
import { anything, isGiven, list, oneOf, type Shape, shaped, typed } from './check.ts'
import { formed, graphemes, units } from './string.ts'
import { httpsUrl } from './uri.ts'

/** UTF-16 units of every altText; older pages still say 400. */
export const altText = units(1500)

const color = formed(/^#[0-9a-f]{6}$/i, 'a colour such as #00FF99')
const actions = (min: number, max: number) => list({ min, max, what: 'actions' }, action(hosts.template))
const picture = { imageAspectRatio: oneOf('rectangle', 'square'), imageSize: oneOf('cover', 'contain') }

/** What a buttons template and a column have in common; a picture or a title leaves less room for the text. */
const card = (name: string, maxText: number, maxActions: number): Shape => ({
  name,
  required: { text: anything, actions: actions(1, maxActions) },
  optional: {
    thumbnailImageUrl: httpsUrl,
    imageBackgroundColor: color,
    title: graphemes(40),
    defaultAction: action(hosts.templateDefault),
  },
  also: ({ thumbnailImageUrl, title, text }, path, problems) => {
    if (!isGiven(text)) return
    const full = !isGiven(thumbnailImageUrl) && !isGiven(title)
    const check = full ? graphemes(maxText) : graphemes(60, 'with a picture or title')
    check(text, `${path}.text`, problems)
  },
})

const buttons = card('a buttons template', 160, 4)
const column = shaped(card('a column', 120, 3))
const imageColumn = shaped({
  name: 'a column',
  required: { imageUrl: httpsUrl, action: action(hosts.imageCarousel) },
})
const columns = { min: 1, max: 10, what: 'columns' }

const templates: Readonly<Record<string, Shape>> = {
  buttons: { ...buttons, optional: { ...buttons.optional, ...picture } },
  confirm: { name: 'a confirm template', required: { text: graphemes(240), actions: actions(2, 2) } },
  carousel: {
    name: 'a carousel template',
    required: { columns: list(columns, column) },
    optional: picture,
    also: columnsAreAlike,
  },
  image_carousel: { name: 'an image carousel template', required: { columns: list(columns, imageColumn) } },
}

export const template: Shape = {
  name: 'a template message',
  required: { altText, template: typed('template', templates) },
}

/** All columns have as many actions as the first, and a picture and a title if it has one. */
function columnsAreAlike({ columns: all }: Json, path: string, problems: Problem[]): void {
  const [first, ...rest] = Array.isArray(all) ? all : []
  if (!isObject(first)) return
  for (const [i, other] of rest.entries()) {
    if (!isObject(other)) continue
    const at = `${path}.columns[${i + 1}]`
    for (const member of ['thumbnailImageUrl', 'title']) {
      const [there, here] = [isGiven(first[member]), isGiven(other[member])]
      if (there !== here) problems.push({ path: `${at}.${member}`, message: unlike(here) })
    }
    const [wanted, found] = [countOf(first['actions']), countOf(other['actions'])]
    if (wanted !== found && wanted !== undefined && found !== undefined) {
      problems.push({
        path: `${at}.actions`,
        message: `${found} actions, but the first column has ${wanted}: all alike`,
      })
    }
  }
}

const unlike = (here: boolean) =>
  here ? 'only without it is it like the first column' : 'missing, but the first column has it'
const countOf = (value: unknown) => (Array.isArray(value) ? value.length : undefined)
