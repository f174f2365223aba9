import { describe, expect, it } from 'vitest'
import { judgeMessages } from '../../../functions/core/line/messages.ts'
import type { ChatType } from '../../../functions/core/rule.ts'

type Json = Record<string, unknown>

const url = 'https://example.com/a.png'
const longUrl = (length: number) => `https://example.com/${'a'.repeat(length - 20)}`
const long = (length: number) => 'a'.repeat(length)
/** One grapheme cluster of 11 UTF-16 units. */
const family = (count: number) => '👨‍👩‍👧‍👦'.repeat(count)
const many = <T>(count: number, item: T): T[] => Array.from({ length: count }, () => item)

const hi = { type: 'text', text: 'hi' }
const say = { type: 'message', label: 'a', text: 'b' }
const sticker = { type: 'sticker', packageId: '446', stickerId: '1988' }
const image = { type: 'image', originalContentUrl: url, previewImageUrl: url }
const template = (inside: Json) => ({ type: 'template', altText: 'alt', template: inside })
const buttons = (more: Json = {}) => template({ type: 'buttons', text: 'a', actions: [say], ...more })
const confirm = (more: Json = {}) => template({ type: 'confirm', text: 'a', actions: [say, say], ...more })
const column = (more: Json = {}): Json => ({ text: 'a', actions: [say], ...more })
const carousel = (...columns: Json[]) => template({ type: 'carousel', columns })
const picture = (more: Json = {}) => ({ imageUrl: url, action: { type: 'uri', uri: url }, ...more })
const pictures = (...columns: Json[]) => template({ type: 'image_carousel', columns })
const does = (action: Json) => buttons({ actions: [{ label: 'a', ...action }] })
const quick = (...items: Json[]) => ({ ...hi, quickReply: { items } })
const item = (action: Json, more: Json = {}) => ({ type: 'action', action: { label: 'a', ...action }, ...more })
const camera = item({ type: 'camera' })
const flex = (contents: unknown, more: Json = {}) => ({ type: 'flex', altText: 'alt', contents, ...more })
const box = (...contents: Json[]) => ({ type: 'box', layout: 'vertical', contents })
const bubble = (body: Json, more: Json = {}) => ({ type: 'bubble', body, ...more })
const plain = bubble(box({ type: 'text', text: 'hi' }))
/** A bubble of exactly so many bytes of JSON. */
const heavy = (bytes: number, more: Json = {}) => {
  const empty = bubble(box({ type: 'text', text: '' }), more)
  return bubble(box({ type: 'text', text: long(bytes - JSON.stringify(empty).length) }), more)
}
const carouselOf = (...bubbles: Json[]) => flex({ type: 'carousel', contents: bubbles })

const v2 = (text: string, substitution?: Json) => ({ type: 'textV2', text, substitution })
const smile = { type: 'emoji', productId: 'p', emojiId: 'e' }
const video = { type: 'video', originalContentUrl: url, previewImageUrl: url }
const audio = { type: 'audio', originalContentUrl: url, duration: 1 }
const place = { type: 'location', title: 'Camp', address: 'Forest 1', latitude: 35.6, longitude: 139.7 }
const area = { x: 0, y: 0, width: 1040, height: 500 }
const touch = (more: Json = {}): Json => ({ type: 'uri', linkUri: url, area, ...more })
const film = { originalContentUrl: url, previewImageUrl: url, area }
const map = (more: Json = {}) => ({
  type: 'imagemap',
  baseUrl: 'https://example.com/map',
  altText: 'alt',
  baseSize: { width: 1040, height: 500 },
  actions: [touch()],
  ...more,
})
const clip = { type: 'video', url, previewUrl: url, altContent: { type: 'image', url } }
const inBody = (component: Json) => flex(bubble(box(component)))

const bytes = (bubbles: Json[]) => JSON.stringify({ type: 'carousel', contents: bubbles }).length
const fire = (count: number) => flex(bubble(box({ type: 'text', text: '火'.repeat(count) })))

describe('what LINE takes', () => {
  it.each<[string, Json]>([
    ['text of 5,000 units', { ...hi, text: long(5000) }],
    ['text of a template alone', { ...hi, text: '{{user.displayName}}' }],
    ['text that is long by its templates only', { ...hi, text: `${long(4999)}{{user.displayName}}!` }],
    [
      '20 emojis',
      {
        type: 'text',
        text: '$'.repeat(20),
        emojis: many(20, 0).map((_, index) => ({ index, productId: 'p', emojiId: 'e' })),
      },
    ],
    ['a sticker', sticker],
    ['an image', { ...image, originalContentUrl: longUrl(2000) }],
    ['an image whose URL has a template', { ...image, originalContentUrl: 'https://example.com/{{user.id}}.png' }],
    [
      'buttons with everything',
      buttons({
        text: family(60),
        title: family(40),
        thumbnailImageUrl: url,
        imageAspectRatio: 'square',
        imageSize: 'contain',
        imageBackgroundColor: '#ffffff',
        defaultAction: { type: 'uri', uri: url },
        actions: many(4, say),
      }),
    ],
    ['buttons with 160 graphemes and no picture', buttons({ text: family(160) })],
    ['confirm with 240 graphemes', confirm({ text: family(240) })],
    ['a carousel of 10 columns', carousel(...many(10, column({ text: long(120), actions: many(3, say) })))],
    ['a carousel with titles', carousel(...many(2, column({ title: long(40), text: long(60) })))],
    [
      '10 pictures with and without labels',
      pictures(...many(9, picture()), picture({ action: { ...say, label: long(12) } })),
    ],
    ['altText of 1,500 units', { ...buttons(), altText: long(1500) }],
    ['message action', does({ type: 'message', label: family(20), text: family(300) })],
    [
      'postback action',
      does({
        type: 'postback',
        data: long(300),
        displayText: family(300),
        inputOption: 'openKeyboard',
        fillInText: family(300),
      }),
    ],
    ['uri action', does({ type: 'uri', uri: longUrl(1000), altUri: { desktop: 'http://example.com' } })],
    [
      'call and LINE links',
      buttons({
        actions: [
          { type: 'uri', label: 'a', uri: 'tel:110' },
          { type: 'uri', label: 'a', uri: 'line://app/1' },
        ],
      }),
    ],
    [
      'datetimepicker action',
      does({
        type: 'datetimepicker',
        data: 'd',
        mode: 'datetime',
        min: '2030-01-01T00:00',
        initial: '2030-01-02t10:00'.toUpperCase(),
        max: '2030-12-31T23:59',
      }),
    ],
    ['clipboard action', does({ type: 'clipboard', clipboardText: long(1000) })],
    [
      '13 quick replies',
      quick(
        ...many(10, item(say, { imageUrl: url })),
        camera,
        item({ type: 'cameraRoll' }),
        item({ type: 'location' }),
      ),
    ],
    ['a sender', { ...sticker, sender: { name: long(20), iconUrl: url } }],
    [
      'a textV2 with everything',
      v2("{{user.displayName}}: {who} {all} {smile} {{'{'}}plain}}", {
        who: { type: 'mention', mentionee: { type: 'user', userId: '{{user.id}}' } },
        all: { type: 'mention', mentionee: { type: 'all' } },
        smile,
      }),
    ],
    ['a textV2 with a template whose text has braces', v2('{{user.displayName | default: "}{"}} {smile}', { smile })],
    ['a textV2 that shows an emoji 20 times', v2('{smile}'.repeat(20), { smile })],
    ['a video', { ...video, trackingId: 'track-1.{}' }],
    ['audio', audio],
    ['a location', { ...place, title: long(100), address: long(100), latitude: -90, longitude: 180 }],
    [
      'an imagemap with everything',
      map({
        altText: long(1500),
        actions: [
          ...many(48, touch()),
          touch({ type: 'message', linkUri: undefined, text: long(400), label: long(100) }),
          touch({ type: 'clipboard', linkUri: undefined, clipboardText: long(1000) }),
        ],
        video: { ...film, externalLink: { linkUri: 'tel:110', label: long(30) } },
      }),
    ],
    ['a coupon', { type: 'coupon', couponId: '01JYNW8J', deliveryTag: `${long(27)}_01` }],
    ['a quote', { ...sticker, quoteToken: '{{event.message.quoteToken}}' }],
    ['members that are null', { ...hi, sender: null, quickReply: null, emojis: null }],
    [
      'a picker with a small t',
      does({ type: 'datetimepicker', data: 'd', mode: 'datetime', min: '2030-01-01t00:00', max: '2030-01-01T00:01' }),
    ],
    ['a bubble of 30 KiB', flex(heavy(30 * 1024))],
    ['12 bubbles', carouselOf(...many(12, plain))],
    [
      'a bubble with all parts',
      flex(
        bubble(
          box(
            { type: 'text', contents: [{ type: 'span', text: '', weight: 'bold' }] },
            { type: 'separator' },
            { type: 'filler' },
            { type: 'button', action: { ...say, label: family(40) }, style: 'primary' },
            {
              type: 'box',
              layout: 'baseline',
              contents: [
                { type: 'icon', url },
                { type: 'text', text: 'x' },
              ],
              paddingAll: '4px',
            },
          ),
          {
            size: 'kilo',
            direction: 'ltr',
            styles: { body: { separator: true } },
            footer: box(),
            hero: { type: 'video', url, previewUrl: url, altContent: { type: 'image', url } },
          },
        ),
      ),
    ],
  ])('%s', (_, message) => expect(judgeMessages([message], 'r')).toEqual([]))

  it('five messages', () => expect(judgeMessages(many(5, hi), 'r')).toEqual([]))
})

describe('what LINE refuses', () => {
  it.each<[Json, string, string]>([
    // messages of every type
    [
      {},
      'type',
      'missing; write one of text, textV2, sticker, image, video, audio, location, imagemap, template, flex, coupon',
    ],
    [
      { type: 'hologram' },
      'type',
      '"hologram" is no message; write one of text, textV2, sticker, image, video, audio, location, imagemap, template, flex, coupon',
    ],
    [
      { type: 'constructor' },
      'type',
      '"constructor" is no message; write one of text, textV2, sticker, image, video, audio, location, imagemap, template, flex, coupon',
    ],
    [
      { ...sticker, text: 'x' },
      'text',
      'a sticker message has no text, but type, packageId, stickerId, quoteToken, quickReply, sender',
    ],
    [quick(...many(14, camera)), 'quickReply.items', '14 items, at most 13'],
    [quick(), 'quickReply.items', 'no items, at least 1'],
    [quick(item({ ...say, label: long(21) })), 'quickReply.items[0].action.label', '21 graphemes, at most 20'],
    [quick({ type: 'button', action: say }), 'quickReply.items[0].type', '"button" is none of action'],
    [quick(item(say, { imageUrl: longUrl(2001) })), 'quickReply.items[0].imageUrl', '2001 UTF-16 units, at most 2000'],
    [
      quick(item({ type: 'richmenuswitch' })),
      'quickReply.items[0].action.type',
      'a richmenuswitch action is for rich menus only',
    ],
    [{ ...hi, sender: { name: long(21) } }, 'sender.name', '21 UTF-16 units, at most 20'],
    [{ ...hi, sender: { name: 'LINE Bot' } }, 'sender.name', 'must not hold the word LINE'],
    [{ ...hi, sender: { iconUrl: 'http://example.com' } }, 'sender.iconUrl', 'must begin with https://'],
    // text
    [{ type: 'text' }, 'text', 'missing: a text message needs it'],
    [{ ...hi, text: '' }, 'text', 'empty, at least 1 of UTF-16 units'],
    [{ ...hi, text: long(5001) }, 'text', '5001 UTF-16 units, at most 5000'],
    [{ ...hi, text: `${long(4991)}${family(1)}` }, 'text', '5002 UTF-16 units, at most 5000'],
    [
      {
        type: 'text',
        text: '$'.repeat(21),
        emojis: many(21, 0).map((_, index) => ({ index, productId: 'p', emojiId: 'e' })),
      },
      'emojis',
      '21 emojis, at most 20',
    ],
    [
      { type: 'text', text: 'a$', emojis: [{ index: 0, productId: 'p', emojiId: 'e' }] },
      'emojis[0].index',
      'must point at a $ in text; at 0 is "a"',
    ],
    [
      { type: 'text', text: 'a$', emojis: [{ index: 2, productId: 'p', emojiId: 'e' }] },
      'emojis[0].index',
      'must point at a $ in text; at 2 is nothing',
    ],
    [
      { type: 'text', text: '$$', emojis: many(2, { index: 1, productId: 'p', emojiId: 'e' }) },
      'emojis[1].index',
      'another emoji stands at 1: each needs a $ of its own',
    ],
    [
      { type: 'text', text: '$', emojis: [{ index: 0, emojiId: 'e' }] },
      'emojis[0].productId',
      'missing: an emoji needs it',
    ],
    // sticker, image
    [{ ...sticker, packageId: 'x' }, 'packageId', '"x" is not a number in quotes, such as "446"'],
    [{ ...image, previewImageUrl: undefined }, 'previewImageUrl', 'missing: an image message needs it'],
    [{ ...image, previewImageUrl: 'http://example.com' }, 'previewImageUrl', 'must begin with https://'],
    [{ ...image, previewImageUrl: longUrl(2001) }, 'previewImageUrl', '2001 UTF-16 units, at most 2000'],
    [{ ...image, previewImageUrl: `${url}火` }, 'previewImageUrl', 'write "火" percent-encoded: %E7%81%AB'],
    [{ ...image, previewImageUrl: 'https://例え.jp/火.jpg' }, 'previewImageUrl', 'write 例え.jp as xn--r8jz45g.jp'],
    [
      { ...image, previewImageUrl: 'https://例 え.jp/x.jpg' },
      'previewImageUrl',
      'https://例 え.jp/x.jpg is no URI: look at its host and port',
    ],
    [
      { ...image, previewImageUrl: 'https://a.example:99999/x.jpg' },
      'previewImageUrl',
      'https://a.example:99999/x.jpg is no URI: look at its host and port',
    ],
    [
      { ...image, previewImageUrl: `${url}100%.jpg` },
      'previewImageUrl',
      '%.j is no percent-encoding: a % that is meant itself is %25',
    ],
    [
      { ...image, previewImageUrl: `${url}{{user.id}}%zz.jpg` },
      'previewImageUrl',
      '%zz is no percent-encoding: a % that is meant itself is %25',
    ],
    // textV2
    [v2('{who}'), 'text', "{who} has no substitution; a literal { is {{'{'}}"],
    [v2('{a b}'), 'text', `{a b} is no placeholder: "a b" is not 1–20 letters, digits and _; a literal { is {{'{'}}`],
    [v2('a } b'), 'text', "a } stands alone; a literal } is {{'}'}}"],
    [v2('a { b'), 'text', "a { stands alone; a literal { is {{'{'}}"],
    [v2('hi', { smile }), 'substitution.smile', 'text has no {smile}: write it there, or leave it out'],
    [v2('hi', { 'a b': smile }), 'substitution[a b]', '"a b" is not 1–20 letters, digits and _'],
    [
      v2('{a}', { a: { type: 'link' } }),
      'substitution.a.type',
      '"link" is no substitution; write one of mention, emoji',
    ],
    [
      v2('{a}', { a: { type: 'mention', mentionee: { type: 'user' } } }),
      'substitution.a.mentionee.userId',
      'missing: a mentioned user needs it',
    ],
    [v2('{smile}'.repeat(21), { smile }), 'substitution', '21 emojis in text, at most 20'],
    [v2(long(5001)), 'text', '5001 UTF-16 units, at most 5000'],
    // video, audio, location, coupon
    [{ ...video, trackingId: long(101) }, 'trackingId', '101 UTF-16 units, at most 100'],
    [{ ...video, trackingId: 'a b' }, 'trackingId', '"a b" is not made of letters, digits and -.=,+*()%$&;:@{}!?<>[]'],
    [{ ...audio, duration: 0 }, 'duration', '0, at least 1'],
    [{ ...audio, duration: 1.5 }, 'duration', '1.5 is not a whole number'],
    [{ ...place, title: long(101) }, 'title', '101 UTF-16 units, at most 100'],
    [{ ...place, address: long(101) }, 'address', '101 UTF-16 units, at most 100'],
    [{ ...place, latitude: 90.1 }, 'latitude', '90.1, at most 90'],
    [{ ...place, longitude: -181 }, 'longitude', '-181, at least -180'],
    [{ ...place, latitude: '35' }, 'latitude', '"35" is not a number'],
    [{ type: 'coupon' }, 'couponId', 'missing: a coupon message needs it'],
    [{ type: 'coupon', couponId: 'c', deliveryTag: long(31) }, 'deliveryTag', '31 UTF-16 units, at most 30'],
    [
      { type: 'coupon', couponId: 'c', deliveryTag: 'a-b' },
      'deliveryTag',
      '"a-b" is not made of letters, digits and _',
    ],
    // imagemap
    [map({ baseSize: { width: 1000, height: 500 } }), 'baseSize.width', '1000, always 1040'],
    [map({ baseUrl: 'https://example.com/a.PNG' }), 'baseUrl', 'leave out .PNG: LINE adds a width to it, as in …/1040'],
    [
      map({ baseUrl: 'https://example.com/map/1040' }),
      'baseUrl',
      'leave out /1040: LINE adds a width to it, as in …/1040',
    ],
    [map({ actions: many(51, touch()) }), 'actions', '51 actions, at most 50'],
    [map({ actions: [] }), 'actions', 'no actions, at least 1'],
    [map({ actions: [touch({ label: long(101) })] }), 'actions[0].label', '101 UTF-16 units, at most 100'],
    [map({ actions: [touch({ linkUri: longUrl(1001) })] }), 'actions[0].linkUri', '1001 UTF-16 units, at most 1000'],
    [
      map({ actions: [touch({ type: 'message', linkUri: undefined, text: long(401) })] }),
      'actions[0].text',
      '401 UTF-16 units, at most 400',
    ],
    [
      map({ actions: [touch({ type: 'clipboard', linkUri: undefined, clipboardText: long(1001) })] }),
      'actions[0].clipboardText',
      '1001 UTF-16 units, at most 1000',
    ],
    [
      map({ actions: [touch({ type: 'postback' })] }),
      'actions[0].type',
      '"postback" is no action of an imagemap; write one of uri, message, clipboard',
    ],
    [
      map({ actions: [touch({ area: { ...area, x: 1 } })] }),
      'actions[0].area',
      'ends at x 1041, but the picture at 1040',
    ],
    [
      map({ actions: [touch({ area: { ...area, y: 1 } })] }),
      'actions[0].area',
      'ends at y 501, but the picture at 500',
    ],
    [map({ actions: [touch({ area: { ...area, x: -1 } })] }), 'actions[0].area.x', '-1, at least 0'],
    [
      map({ video: { ...film, area: { ...area, height: 501 } } }),
      'video.area',
      'ends at y 501, but the picture at 500',
    ],
    [
      map({ video: { ...film, externalLink: { linkUri: url, label: long(31) } } }),
      'video.externalLink.label',
      '31 UTF-16 units, at most 30',
    ],
    [
      map({ video: { ...film, externalLink: { linkUri: url } } }),
      'video.externalLink.label',
      'missing: an external link needs it',
    ],
    // template
    [{ ...buttons(), altText: long(1501) }, 'altText', '1501 UTF-16 units, at most 1500'],
    [
      template({ type: 'menu' }),
      'template.type',
      '"menu" is no template; write one of buttons, confirm, carousel, image_carousel',
    ],
    [buttons({ text: family(161) }), 'template.text', '161 graphemes, at most 160'],
    [buttons({ text: long(61), title: 'x' }), 'template.text', '61 graphemes, at most 60 with a picture or title'],
    [
      buttons({ text: long(61), thumbnailImageUrl: url }),
      'template.text',
      '61 graphemes, at most 60 with a picture or title',
    ],
    [buttons({ title: long(41) }), 'template.title', '41 graphemes, at most 40'],
    [buttons({ actions: many(5, say) }), 'template.actions', '5 actions, at most 4'],
    [buttons({ actions: [] }), 'template.actions', 'no actions, at least 1'],
    [buttons({ imageSize: 'big' }), 'template.imageSize', '"big" is none of cover, contain'],
    [
      buttons({ imageBackgroundColor: 'red' }),
      'template.imageBackgroundColor',
      '"red" is not a colour such as #00FF99',
    ],
    [confirm({ text: long(241) }), 'template.text', '241 graphemes, at most 240'],
    [confirm({ actions: [say] }), 'template.actions', '1 actions, exactly 2'],
    [confirm({ actions: many(3, say) }), 'template.actions', '3 actions, exactly 2'],
    [confirm({ title: 'x' }), 'template.title', 'a confirm template has no title, but type, text, actions'],
    [carousel(...many(11, column())), 'template.columns', '11 columns, at most 10'],
    [carousel(column({ actions: many(4, say) })), 'template.columns[0].actions', '4 actions, at most 3'],
    [carousel(column({ text: long(121) })), 'template.columns[0].text', '121 graphemes, at most 120'],
    [
      carousel(column({ text: long(61), title: 'x' })),
      'template.columns[0].text',
      '61 graphemes, at most 60 with a picture or title',
    ],
    [
      carousel(column(), column({ actions: [say, say] })),
      'template.columns[1].actions',
      '2 actions, but the first column has 1: all alike',
    ],
    [
      carousel(column(), column(), column({ title: 'x' })),
      'template.columns[2].title',
      'only without it is it like the first column',
    ],
    [
      carousel(column({ thumbnailImageUrl: url }), column()),
      'template.columns[1].thumbnailImageUrl',
      'missing, but the first column has it',
    ],
    [pictures(...many(11, picture())), 'template.columns', '11 columns, at most 10'],
    [
      pictures(picture({ action: { ...say, label: long(13) } })),
      'template.columns[0].action.label',
      '13 graphemes, at most 12',
    ],
    // actions
    [
      does({ type: 'jump' }),
      'template.actions[0].type',
      '"jump" is no action; write one of message, postback, uri, datetimepicker, clipboard',
    ],
    [does({ type: 'camera' }), 'template.actions[0].type', 'a camera action is for quick replies only'],
    [does({ type: 'location' }), 'template.actions[0].type', 'a location action is for quick replies only'],
    [
      does({ type: 'message', label: undefined, text: 'x' }),
      'template.actions[0].label',
      'missing: this message action needs it',
    ],
    [does({ type: 'message', label: family(21), text: 'x' }), 'template.actions[0].label', '21 graphemes, at most 20'],
    [does({ type: 'message', text: family(301) }), 'template.actions[0].text', '301 graphemes, at most 300'],
    [
      does({ type: 'message', text: 'x', data: 'y' }),
      'template.actions[0].data',
      'this message action has no data, but type, label, text',
    ],
    [does({ type: 'postback', data: long(301) }), 'template.actions[0].data', '301 UTF-16 units, at most 300'],
    [
      does({ type: 'postback', data: 'd', displayText: family(301) }),
      'template.actions[0].displayText',
      '301 graphemes, at most 300',
    ],
    [
      does({ type: 'postback', data: 'd', inputOption: 'openKeyboard', fillInText: family(301) }),
      'template.actions[0].fillInText',
      '301 graphemes, at most 300',
    ],
    [
      does({ type: 'postback', data: 'd', text: 'x', displayText: 'y' }),
      'template.actions[0].text',
      'not together with displayText; text is deprecated, leave it out',
    ],
    [
      does({ type: 'postback', data: 'd', inputOption: 'open' }),
      'template.actions[0].inputOption',
      '"open" is none of closeRichMenu, openRichMenu, openKeyboard, openVoice',
    ],
    [does({ type: 'uri', uri: longUrl(1001) }), 'template.actions[0].uri', '1001 UTF-16 units, at most 1000'],
    [does({ type: 'uri', uri: 'https://' }), 'template.actions[0].uri', 'https:// leads nowhere: write what follows'],
    [does({ type: 'uri', uri: 'tel:' }), 'template.actions[0].uri', 'tel: leads nowhere: write what follows'],
    [
      does({ type: 'uri', uri: 'ftp://example.com' }),
      'template.actions[0].uri',
      'must begin with https:// or http:// or line:// or tel:',
    ],
    [
      does({ type: 'uri', uri: url, altUri: { desktop: longUrl(1001) } }),
      'template.actions[0].altUri.desktop',
      '1001 UTF-16 units, at most 1000',
    ],
    [
      does({ type: 'datetimepicker', data: 'd', mode: 'day' }),
      'template.actions[0].mode',
      '"day" is none of date, time, datetime',
    ],
    [
      does({ type: 'datetimepicker', data: 'd', mode: 'date', min: '2030-13-01' }),
      'template.actions[0].min',
      '"2030-13-01" is not a date such as 2030-12-31, from 1900 to 2100',
    ],
    [
      does({ type: 'datetimepicker', data: 'd', mode: 'time', max: '24:00' }),
      'template.actions[0].max',
      '"24:00" is not a time such as 23:59',
    ],
    [
      does({ type: 'datetimepicker', data: 'd', mode: 'time', min: '10:00', max: '10:00' }),
      'template.actions[0].max',
      'must be later than min',
    ],
    [
      does({ type: 'datetimepicker', data: 'd', mode: 'time', min: '10:00', initial: '09:59' }),
      'template.actions[0].initial',
      'must not be before min',
    ],
    [
      does({ type: 'datetimepicker', data: 'd', mode: 'time', initial: '10:00', max: '09:59' }),
      'template.actions[0].initial',
      'must not be after max',
    ],
    [
      does({ type: 'clipboard', clipboardText: long(1001) }),
      'template.actions[0].clipboardText',
      '1001 UTF-16 units, at most 1000',
    ],
    [
      does({ type: 'postback', data: 'd', fillInText: 'x' }),
      'template.actions[0].fillInText',
      'only with inputOption: openKeyboard',
    ],
    [
      does({ type: 'datetimepicker', data: 'd', mode: 'date', max: '2030-02-29' }),
      'template.actions[0].max',
      '"2030-02-29" is not a date such as 2030-12-31, from 1900 to 2100',
    ],
    [
      does({ type: 'datetimepicker', data: 'd', mode: 'datetime', max: '2101-01-01T00:00' }),
      'template.actions[0].max',
      '"2101-01-01T00:00" is not a date and time such as 2030-12-31T23:59, from 1900 to 2100',
    ],
    // flex
    [
      inBody({ type: 'text', text: '' }),
      'contents.body.contents[0].text',
      'empty: a text needs text, or spans in contents',
    ],
    [
      inBody({ type: 'text', text: 'x', size: '50%' }),
      'contents.body.contents[0].size',
      '"50%" is not pixels such as 14px, or one of xxs, xs, sm, md, lg, xl, xxl, 3xl, 4xl, 5xl',
    ],
    [
      inBody({ type: 'text', text: 'x', color: 'red' }),
      'contents.body.contents[0].color',
      '"red" is not a colour such as #00FF99 or #00FF9980',
    ],
    [
      inBody({ type: 'text', text: 'x', wrap: 'true' }),
      'contents.body.contents[0].wrap',
      '"true" is neither true nor false',
    ],
    [inBody({ type: 'text', text: 'x', maxLines: -1 }), 'contents.body.contents[0].maxLines', '-1, at least 0'],
    [inBody({ type: 'text', text: 'x', flex: 0.5 }), 'contents.body.contents[0].flex', '0.5 is not a whole number'],
    [
      inBody({ type: 'text', contents: [{ type: 'text', text: 'x' }] }),
      'contents.body.contents[0].contents[0].type',
      '"text" is no component of a text; write one of span',
    ],
    [
      inBody({ type: 'image', url, aspectRatio: '1:3.1' }),
      'contents.body.contents[0].aspectRatio',
      '1:3.1: at most three times as high as wide',
    ],
    [
      inBody({ type: 'image', url, aspectRatio: '0:1' }),
      'contents.body.contents[0].aspectRatio',
      '0:1: both from 1 to 100000',
    ],
    [
      inBody({
        ...box(),
        background: { type: 'linearGradient', angle: '360deg', startColor: '#000000', endColor: '#ffffff' },
      }),
      'contents.body.contents[0].background.angle',
      '"360deg" is not degrees from 0deg to less than 360deg',
    ],
    [
      inBody({ ...box(), justifyContent: 'middle' }),
      'contents.body.contents[0].justifyContent',
      '"middle" is none of flex-start, center, flex-end, space-between, space-around, space-evenly',
    ],
    [
      inBody({ ...box(), width: 'md' }),
      'contents.body.contents[0].width',
      '"md" is not pixels or a percentage, such as 80px or 50%',
    ],
    [inBody(box(...many(11, { type: 'image', url, animated: true }))), 'contents', '11 animated images, at most 10'],
    [
      carouselOf({ ...plain, hero: clip }),
      'contents.contents[0].hero.type',
      'a video needs a bubble of its own, outside a carousel',
    ],
    [
      flex({ ...plain, hero: { ...clip, action: say } }),
      'contents.hero.action.type',
      '"message" is no action; write one of uri',
    ],
    [flex(plain, { altText: long(1501) }), 'altText', '1501 UTF-16 units, at most 1500'],
    [flex({ type: 'box' }), 'contents.type', '"box" is no flex container; write one of bubble, carousel'],
    [flex(heavy(30 * 1024 + 1)), 'contents', '30721 bytes of JSON, at most 30720'],
    [carouselOf(plain, heavy(30 * 1024 + 1)), 'contents.contents[1]', '30721 bytes of JSON, at most 30720'],
    [carouselOf(...many(13, plain)), 'contents.contents', '13 bubbles, at most 12'],
    [carouselOf(), 'contents.contents', 'no bubbles, at least 1'],
    [
      carouselOf(plain, { ...plain, size: 'kilo' }),
      'contents.contents[1].size',
      '"kilo", but the first bubble has "mega": all alike',
    ],
    [
      flex({ type: 'bubble', size: 'kilo', body: null }),
      'contents',
      'nothing is in the bubble: write one of header, hero, body, footer',
    ],
    [
      carouselOf(plain, { type: 'bubble' }),
      'contents.contents[1]',
      'nothing is in the bubble: write one of header, hero, body, footer',
    ],
    [
      flex({ ...plain, size: 'Kilo' }),
      'contents.size',
      '"Kilo" is none of nano, micro, deca, hecto, kilo, mega, giga; did you mean kilo?',
    ],
    [
      flex(bubble({ ...box(), backgroundColour: '#FFFFFF' })),
      'contents.body.backgroundColour',
      'a box has no backgroundColour; did you mean backgroundColor?',
    ],
    [
      flex(bubble(box({ type: 'text', text: 'x', weight: 'bould' }))),
      'contents.body.contents[0].weight',
      '"bould" is none of regular, bold; did you mean bold?',
    ],
    [
      flex(bubble(box({ type: 'buton' }))),
      'contents.body.contents[0].type',
      '"buton" is no component of a box; did you mean button?',
    ],
    [flex({ ...plain, size: 'huge' }), 'contents.size', '"huge" is none of nano, micro, deca, hecto, kilo, mega, giga'],
    [
      flex({ ...plain, title: 'x' }),
      'contents.title',
      'a bubble has no title, but type, direction, size, header, hero, body, footer, styles, action',
    ],
    [flex(bubble({ type: 'text', text: 'x' })), 'contents.body.type', '"text" is no body; write one of box'],
    [
      flex(bubble(box({ type: 'link' }))),
      'contents.body.contents[0].type',
      '"link" is no component of a box; write one of box, button, image, text, separator, filler, icon',
    ],
    [
      flex(bubble(box({ type: 'icon', url }))),
      'contents.body.contents[0].type',
      'an icon stands in a box with layout: baseline only',
    ],
    [
      flex(bubble({ ...box({ type: 'image', url }), layout: 'baseline' })),
      'contents.body.contents[0].type',
      '"image" is no component of a baseline box; write one of icon, text, filler',
    ],
    [
      flex(bubble(box({ type: 'text' }))),
      'contents.body.contents[0].text',
      'missing: a text needs text, or spans in contents',
    ],
    [
      flex(bubble(box({ type: 'image', url: 'http://example.com' }))),
      'contents.body.contents[0].url',
      'must begin with https://',
    ],
    [
      flex(bubble(box({ type: 'button', action: { ...say, label: long(41) } }))),
      'contents.body.contents[0].action.label',
      '41 graphemes, at most 40',
    ],
    [flex(bubble(box({ type: 'button' }))), 'contents.body.contents[0].action', 'missing: a button needs it'],
    [
      flex(bubble(box({ type: 'button', action: { type: 'camera', label: 'a' } }))),
      'contents.body.contents[0].action.type',
      'a camera action is for quick replies only',
    ],
    [
      flex({
        ...plain,
        size: 'nano',
        hero: { type: 'video', url, previewUrl: url, altContent: { type: 'image', url } },
      }),
      'contents.hero.type',
      'a video needs a bubble of size kilo, mega or giga',
    ],
  ])('%j: %s %s', (message, where, what) => {
    // YAML and JSON have no undefined; in a row it means "without".
    const written: unknown = JSON.parse(JSON.stringify([message]))
    expect(judgeMessages(written, 'spec.rules[0].reply')).toEqual([
      { path: `spec.rules[0].reply[0].${where}`, message: what },
    ])
  })

  it('a carousel above 50 KiB, though each bubble is small enough', () => {
    const rest = 50 * 1024 - bytes([heavy(25_000), heavy(20_000)]) + 20_000
    expect(judgeMessages([carouselOf(heavy(25_000), heavy(rest))], 'r')).toEqual([])
    expect(judgeMessages([carouselOf(heavy(25_000), heavy(rest + 1))], 'r')).toEqual([
      { path: 'r[0].contents', message: '51201 bytes of JSON, at most 51200' },
    ])
  })

  it('counts bytes, not characters, of JSON', () => {
    expect(judgeMessages([fire(10_150)], 'r')).toEqual([])
    expect(judgeMessages([fire(10_240)], 'r')).toHaveLength(1)
  })

  it('six messages, or none', () => {
    expect(judgeMessages(many(6, hi), 'r')).toEqual([{ path: 'r', message: '6 messages, at most 5' }])
    expect(judgeMessages([], 'r')).toEqual([{ path: 'r', message: 'no messages, at least 1' }])
  })

  it('a quick reply that is not on the last message, and so never shown', () => {
    const quickly = quick(item(say))
    expect(judgeMessages([hi, quickly], 'r')).toEqual([])
    expect(judgeMessages([quickly, hi], 'r')).toEqual([
      { path: 'r[0].quickReply', message: 'LINE shows the quick reply of the last message only: move it there' },
    ])
  })

  it.each<[Json, ChatType[], string[]]>([
    [{ ...video, trackingId: 'a' }, ['user'], []],
    [{ ...video, trackingId: 'a' }, ['user', 'group'], ['r[0].trackingId']],
    [{ ...video, trackingId: 'a' }, [], []],
    [v2('{all}', { all: { type: 'mention', mentionee: { type: 'all' } } }), ['group', 'room'], []],
    [v2('{all}', { all: { type: 'mention', mentionee: { type: 'all' } } }), ['user'], ['r[0].substitution']],
    [v2('{smile}', { smile }), ['user'], []],
  ])('%j in chats %j: %j', (message, chats, paths) => {
    expect(judgeMessages([message], 'r', { in: chats }).map(({ path }) => path)).toEqual(paths)
  })

  it('more than 100 substitutions', () => {
    const keys = Array.from({ length: 101 }, (_, i) => `k${i}`)
    const mentions = Object.fromEntries(keys.map((key) => [key, { type: 'mention', mentionee: { type: 'all' } }]))
    expect(judgeMessages([v2(keys.map((key) => `{${key}}`).join(''), mentions)], 'r')).toEqual([
      { path: 'r[0].substitution', message: '101 substitutions, at most 100' },
      { path: 'r[0].substitution', message: '101 mentions in text, at most 20' },
    ])
  })

  it('what YAML takes for a number, and is none', () => {
    expect(judgeMessages([{ ...place, latitude: Number.NaN }], 'r')).toEqual([
      { path: 'r[0].latitude', message: 'not a number' },
    ])
  })

  it('a request above 2 MiB', () => {
    const parts = { type: 'uri', linkUri: url, area: { x: 0, y: 0, width: 1, height: 1 } }
    const problems = judgeMessages(many(5, map({ actions: [parts], sender: { name: 'x'.repeat(420_000) } })), 'r')
    expect(problems.at(-1)).toEqual({ path: 'r', message: '2101196 bytes of JSON, at most 2097152' })
  })

  it('what nests too deep to be walked', () => {
    let deep: unknown = {}
    for (let i = 0; i < 100_000; i += 1) deep = [deep]
    expect(judgeMessages([{ type: 'flex', altText: 'a', contents: deep }], 'r')).toEqual([
      { path: 'r', message: 'more than 100 levels deep' },
    ])
  })

  it('everything at once, each with its path', () => {
    const paths = judgeMessages([{ ...hi, text: '' }, carousel(column({ actions: [{}] }))], 'r').map(({ path }) => path)
    expect(paths).toEqual(['r[0].text', 'r[1].template.columns[0].actions[0].type'])
  })

  it('whatever is no message at all, without a throw', () => {
    for (const odd of [
      null,
      1,
      'x',
      [],
      [null],
      [[]],
      [{ type: 1 }],
      [{ type: 'text', text: 1, emojis: {}, quickReply: [] }],
    ]) {
      expect(judgeMessages(odd, 'r')).not.toEqual([])
    }
  })
})
