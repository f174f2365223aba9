import { h, langOf } from './dom.js'
import { actionButton, film, picture, pressable, styled } from './parts.js'

/** Flex messages as LINE lays them out (flex-message-layout): CSS flexbox with LINE's own names and lengths. */

const gaps = { none: '0', xs: '2px', sm: '4px', md: '8px', lg: '12px', xl: '16px', xxl: '20px' }
const letterSizes = { xxs: '11px', xs: '13px', sm: '14px', md: '16px', lg: '19px', xl: '22px', xxl: '29px', '3xl': '35px', '4xl': '48px', '5xl': '74px' }
const imageSizes = { xxs: '40px', xs: '60px', sm: '80px', md: '100px', lg: '120px', xl: '140px', xxl: '160px', '3xl': '180px', '4xl': '200px', '5xl': '220px', full: '100%' }
const borders = { none: '0', light: '0.5px', normal: '1px', medium: '2px', 'semi-bold': '3px', bold: '4px' }
const widths = { nano: 120, micro: 160, deca: 220, hecto: 241, kilo: 260, mega: 300, giga: 386 }
const edges = { start: 'flex-start', center: 'center', end: 'flex-end', top: 'flex-start', bottom: 'flex-end' }

/** A keyword's length, or the pixels or percentage themselves. */
const length = (words, value) => words[value] ?? (/^-?\d+(?:\.\d+)?(?:px|%)$/.test(value ?? '') ? value : undefined)
const ratio = (value, fallback) => (/^[\d.]+:[\d.]+$/.test(value ?? '') ? value.replace(':', '/') : fallback)

/** Where a component stands in its box, and how much of it it gets. */
const placed = (element, component, box, isFirst) => {
  const across = box.layout !== 'vertical'
  const share = component.flex ?? (across && component.width === undefined ? 1 : 0)
  const gap = length(gaps, component.margin ?? (isFirst ? undefined : box.spacing))
  const offset = (name) => length(gaps, component[name])
  return styled(element, {
    flex: share > 0 ? `${Number(share)} 0 ${across ? '0' : 'auto'}` : '0 0 auto',
    [across ? 'margin-inline-start' : 'margin-top']: component.position === 'absolute' ? undefined : gap,
    position: component.position === 'absolute' ? 'absolute' : 'relative',
    top: offset('offsetTop'),
    bottom: offset('offsetBottom'),
    'inset-inline-start': offset('offsetStart'),
    'inset-inline-end': offset('offsetEnd'),
    'align-self': across && component.type !== 'box' && component.type !== 'separator' ? edges[component.gravity] : undefined,
  })
}

const gradient = (background) => {
  const { type, angle, startColor, endColor, centerColor, centerPosition = '50%' } = background ?? {}
  if (type !== 'linearGradient') return undefined
  return `linear-gradient(${[angle, startColor, centerColor && `${centerColor} ${centerPosition}`, endColor].filter(Boolean).join(', ')})`
}

const lettered = (element, { size, color, weight, style, decoration }) =>
  styled(element, {
    'font-size': length(letterSizes, size),
    color,
    'font-weight': weight === 'bold' ? '700' : undefined,
    'font-style': style,
    'text-decoration': decoration,
  })

const makers = {
  box: (box, act) => {
    const { contents = [] } = box
    const element = h('div', { class: 'flex-box', 'data-layout': box.layout }, contents.map((child, at) => component(child, box, at === 0, act)))
    const padding = (side) => length(gaps, box[`padding${side}`] ?? box.paddingAll)
    return styled(element, {
      'padding-top': padding('Top'),
      'padding-bottom': padding('Bottom'),
      'padding-inline-start': padding('Start'),
      'padding-inline-end': padding('End'),
      width: length({}, box.width),
      'max-width': length({}, box.maxWidth),
      height: length({}, box.height),
      'max-height': length({}, box.maxHeight),
      'background-color': box.backgroundColor,
      background: gradient(box.background),
      'border-style': box.borderWidth && 'solid',
      'border-width': length(borders, box.borderWidth),
      'border-color': box.borderColor,
      'border-radius': length(gaps, box.cornerRadius),
      'justify-content': box.justifyContent,
      'align-items': box.alignItems,
    })
  },
  text: (text) => {
    const spans = text.contents?.map((span) => lettered(h('span', {}, span.text), span))
    const words = text.contents?.map((span) => span.text).join('') ?? text.text
    const lines = text.maxLines > 0 && text.wrap ? String(text.maxLines) : undefined
    const element = h('div', { class: 'flex-text', 'data-wrap': text.wrap === true, lang: langOf(words ?? '') }, spans ?? text.text)
    return styled(lettered(element, text), {
      'text-align': text.align,
      '-webkit-line-clamp': lines,
      display: lines && '-webkit-box',
      'row-gap': length({}, text.lineSpacing),
    })
  },
  image: ({ url, size = 'md', aspectRatio, aspectMode, backgroundColor, align = 'center' }) => {
    const frame = styled(h('div', { class: 'flex-image', 'data-mode': aspectMode ?? 'fit' }, picture(url, '')), {
      width: length(imageSizes, size),
      'aspect-ratio': ratio(aspectRatio, '1/1'),
      'background-color': backgroundColor,
    })
    return styled(h('div', { class: 'flex-frame' }, frame), { 'justify-content': edges[align] })
  },
  icon: ({ url, size = 'md', aspectRatio }) =>
    styled(h('span', { class: 'flex-icon' }, picture(url, '')), { height: length(letterSizes, size), 'aspect-ratio': ratio(aspectRatio, '1/1') }),
  button: ({ action, style = 'link', height = 'md', color }, act) => {
    const button = actionButton(action, act)
    button.dataset.style = style
    button.dataset.height = height
    styled(button, { [style === 'link' ? 'color' : 'background-color']: color })
    return h('div', { class: 'flex-button' }, button)
  },
  separator: ({ color }) => styled(h('div', { class: 'flex-separator' }), { 'background-color': color }),
  filler: ({ flex = 1 }) => styled(h('div', {}), { flex: `${Number(flex)} 0 0` }),
  video: ({ url, previewUrl, aspectRatio }) => styled(h('div', { class: 'flex-video' }, film(url, previewUrl)), { 'aspect-ratio': ratio(aspectRatio, '1/1') }),
}

const component = (given, box, isFirst, act) => {
  const element = makers[given.type]?.(given, act) ?? h('div', {})
  if (given.type !== 'button') pressable(element, given.action, act)
  return given.type === 'filler' ? element : placed(element, given, box, isFirst)
}

const blocks = ['header', 'hero', 'body', 'footer']

const bubble = ({ size = 'mega', direction, styles = {}, action, ...parts }, act) => {
  const shown = blocks.filter((name) => parts[name])
  const elements = shown.flatMap((name, at) => {
    const { backgroundColor, separator, separatorColor } = styles[name] ?? {}
    const block = component(parts[name], { layout: 'vertical' }, true, act)
    block.classList.add('flex-block')
    block.dataset.block = name
    const line = separator && at > 0 && makers.separator({ color: separatorColor })
    return [line, styled(block, parts[name].backgroundColor ? {} : { 'background-color': backgroundColor })]
  })
  const element = h('div', { class: 'flex', dir: direction, 'data-size': size }, elements)
  return pressable(styled(element, { width: `${widths[size] ?? 300}px` }), action, act)
}

/** A Flex message's contents as an element. */
export const flexible = (contents, act) =>
  contents.type === 'carousel'
    ? h('div', { class: 'rail', tabindex: '0', role: 'group', 'aria-label': 'Carousel' }, contents.contents.map((one) => bubble(one, act)))
    : bubble(contents, act)
