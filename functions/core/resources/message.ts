import { z } from 'zod'

/**
 * LINE message objects as the CRD knows them. LINE tells its types apart by `type`; a structural schema may not
 * (no unions), so here every member of every type is optional and guards are generous. Which members a type has,
 * and LINE's exact limits, are judged by `core/line/messages.ts`, in status and by `linebot validate`.
 */

// Guards only, well above LINE's own limits: what the API server refuses takes the whole Event with it.
const url = z.string().max(4000)
const text = z.string().max(10_000)
/** Up to 300 grapheme clusters at LINE; an emoji may be a dozen of the code points that the API server counts. */
const said = z.string().max(4000)

/** LINE's message types that a reply can hold. */
export const messageTypes = [
  'text',
  'textV2',
  'sticker',
  'image',
  'video',
  'audio',
  'location',
  'imagemap',
  'template',
  'flex',
  'coupon',
] as const

const action = z
  .strictObject({
    type: z
      .string()
      .max(32)
      .describe('message, postback, uri, datetimepicker, camera, cameraRoll, location or clipboard.'),
    label: z
      .string()
      .max(1000)
      .optional()
      .describe('What the button says: at most 20 characters, 12 in an image carousel, 40 in a Flex button.'),
    text: said.optional().describe('message: what the user is made to say; at most 300 characters.'),
    data: z
      .string()
      .max(1000)
      .optional()
      .describe(
        'postback, datetimepicker: what the bot gets, for an Event of type postback; at most 300 UTF-16 units.',
      ),
    displayText: said.optional().describe('postback: shown in the chat as said by the user; at most 300 characters.'),
    inputOption: z
      .string()
      .max(32)
      .optional()
      .describe('postback: what opens or closes: closeRichMenu, openRichMenu, openKeyboard or openVoice.'),
    fillInText: said
      .optional()
      .describe('postback with openKeyboard: what already stands in the input field; at most 300 characters.'),
    uri: z.string().max(2000).optional().describe('uri: http, https, line or tel; at most 1,000 UTF-16 units.'),
    altUri: z
      .strictObject({ desktop: z.string().max(2000).optional().describe('The URI; at most 1,000 UTF-16 units.') })
      .optional()
      .describe('uri: another one for LINE on a computer.'),
    mode: z.string().max(16).optional().describe('datetimepicker: date, time or datetime.'),
    initial: z
      .string()
      .max(32)
      .optional()
      .describe('datetimepicker: what is chosen at first, in the form of its mode.'),
    max: z.string().max(32).optional().describe('datetimepicker: the latest that can be chosen.'),
    min: z.string().max(32).optional().describe('datetimepicker: the earliest that can be chosen; before max.'),
    clipboardText: z.string().max(2000).optional().describe('clipboard: what is copied; at most 1,000 UTF-16 units.'),
    richMenuAliasId: z.string().max(300).optional().describe('richmenuswitch, which is for rich menus only.'),
  })
  .describe('A LINE action object: what a button does.')

const column = z.strictObject({
  thumbnailImageUrl: url.optional().describe('carousel: the image above; HTTPS.'),
  imageUrl: url.optional().describe('image_carousel: the image; HTTPS.'),
  imageBackgroundColor: z.string().max(16).optional().describe('Behind the image, as in `#FFFFFF`.'),
  title: z.string().max(1000).optional().describe('At most 40 characters.'),
  text: said.optional().describe('At most 120 characters, or 60 with an image or a title.'),
  defaultAction: action.optional().describe('What a tap beside the buttons does.'),
  actions: z.array(action).max(8).optional().describe('carousel: up to 3 buttons, as many in every column.'),
  action: action.optional().describe('image_carousel: what a tap on the image does.'),
})

const template = z
  .strictObject({
    type: z.string().max(32).describe('buttons, confirm, carousel or image_carousel.'),
    thumbnailImageUrl: url.optional().describe('buttons: the image above; HTTPS.'),
    imageAspectRatio: z.string().max(32).optional().describe('buttons, carousel: rectangle or square.'),
    imageSize: z.string().max(32).optional().describe('buttons, carousel: cover or contain.'),
    imageBackgroundColor: z.string().max(16).optional().describe('buttons: behind the image, as in `#FFFFFF`.'),
    title: z.string().max(1000).optional().describe('buttons: at most 40 characters.'),
    text: said
      .optional()
      .describe('buttons: at most 160 characters, or 60 with an image or a title; confirm: at most 240.'),
    defaultAction: action.optional().describe('buttons: what a tap beside the buttons does.'),
    actions: z.array(action).max(8).optional().describe('buttons: up to 4; confirm: 2.'),
    columns: z.array(column).max(20).optional().describe('carousel, image_carousel: up to 10.'),
  })
  .describe('A LINE template object.')

const emoji = {
  productId: z.string().max(64).describe('The set of LINE emoji.'),
  emojiId: z.string().max(64).describe('The emoji in its set.'),
}

const substitute = z
  .strictObject({
    type: z.string().max(16).describe('mention or emoji.'),
    mentionee: z
      .strictObject({
        type: z.string().max(16).describe('user, or all for everyone in the group or room.'),
        userId: z.string().max(256).optional().describe('user: whom; a member of the group or room, and no bot.'),
      })
      .optional()
      .describe('mention: who is meant; in groups and rooms only.'),
    productId: emoji.productId.optional().describe('emoji: the set of LINE emoji.'),
    emojiId: emoji.emojiId.optional().describe('emoji: the emoji in its set.'),
  })
  .describe('A mention or a LINE emoji.')

const area = z
  .strictObject({
    x: z.int().describe('From the left.'),
    y: z.int().describe('From the top. Write the key in quotes, `"y":`, for a bare y means true in YAML.'),
    width: z.int().describe('At least 1.'),
    height: z.int().describe('At least 1.'),
  })
  .describe('In pixels of baseSize, and inside it.')

const video = z
  .strictObject({
    originalContentUrl: url.describe('HTTPS, MP4, at most 200 MB.'),
    previewImageUrl: url.describe('HTTPS, JPEG or PNG, at most 1 MB.'),
    area: area.describe('Where it plays, in pixels of baseSize, and inside it.'),
    externalLink: z
      .strictObject({
        linkUri: z.string().max(2000).describe('http, https, line or tel; at most 1,000 UTF-16 units.'),
        label: z.string().max(300).describe('At most 30 UTF-16 units.'),
      })
      .optional()
      .describe('A link shown when the video has ended.'),
  })
  .describe('imagemap: a video on the picture.')

const touch = z
  .strictObject({
    type: z.string().max(32).describe('uri, message or clipboard.'),
    label: z.string().max(1000).optional().describe('Read aloud to who cannot see it; at most 100 UTF-16 units.'),
    linkUri: z
      .string()
      .max(2000)
      .optional()
      .describe('uri: what opens: http, https, line or tel; at most 1,000 UTF-16 units.'),
    text: z.string().max(2000).optional().describe('message: what the user is made to say; at most 400 UTF-16 units.'),
    clipboardText: z.string().max(2000).optional().describe('clipboard: what is copied; at most 1,000 UTF-16 units.'),
    area,
  })
  .describe('A part of the picture that does something when it is touched.')

export const message = z
  .strictObject({
    type: z.enum(messageTypes).describe('LINE’s message type.'),
    text: text
      .optional()
      .describe(
        "text, textV2: at most 5,000 UTF-16 units. In textV2 {name} stands for its substitution; to show a brace, write {{'{'}} or {{'}'}}.",
      ),
    emojis: z
      .array(
        z.strictObject({
          index: z.int().min(0).max(10_000).describe('Where its `$` stands in the text, in UTF-16 units from 0.'),
          ...emoji,
        }),
      )
      .max(40)
      .optional()
      .describe('text: up to 20 LINE emoji; each index points at a `$`.'),
    substitution: z
      .record(z.string(), substitute)
      .optional()
      .describe(
        'textV2: what each {name} of the text stands for: up to 100, at most 20 of them mentions and 20 emoji; a name is 1–20 of letters, digits and _.',
      ),
    quoteToken: z.string().max(2000).optional().describe('text, textV2, sticker: of the message that this one quotes.'),
    packageId: z.string().max(300).optional().describe('sticker: its package.'),
    stickerId: z.string().max(300).optional().describe('sticker: its number.'),
    originalContentUrl: url
      .optional()
      .describe(
        'image: JPEG or PNG, at most 10 MB; video: MP4, at most 200 MB; audio: MP3 or M4A, at most 200 MB; HTTPS.',
      ),
    previewImageUrl: url.optional().describe('image, video: HTTPS, JPEG or PNG, at most 1 MB.'),
    trackingId: z
      .string()
      .max(1000)
      .optional()
      .describe(
        'video: comes back in the videoPlayComplete event; at most 100 letters, digits and -.=,+*()%$&;:@{}!?<>[]; not in groups and rooms.',
      ),
    duration: z.int().min(0).optional().describe('audio: how long it is, in milliseconds.'),
    title: z.string().max(1000).optional().describe('location: at most 100 UTF-16 units.'),
    address: z.string().max(1000).optional().describe('location: at most 100 UTF-16 units.'),
    latitude: z.number().optional().describe('location: from -90 to 90.'),
    longitude: z.number().optional().describe('location: from -180 to 180.'),
    baseUrl: url
      .optional()
      .describe('imagemap: HTTPS; the picture is at /240, /300, /460, /700 and /1040 under it, one for each width.'),
    altText: z
      .string()
      .max(3000)
      .optional()
      .describe('imagemap, template, flex: shown in the chat list; at most 1,500 UTF-16 units.'),
    baseSize: z
      .strictObject({
        width: z.int().describe('Always 1040.'),
        height: z.int().describe('As it is at a width of 1040.'),
      })
      .optional()
      .describe('imagemap: how large the picture is, in pixels.'),
    video: video.optional(),
    actions: z.array(touch).max(100).optional().describe('imagemap: 1–50 parts that can be touched.'),
    template: template.optional(),
    contents: z
      .looseObject({})
      .optional()
      .describe(
        'flex: a bubble (at most 30 KB of JSON) or a carousel of up to 12 bubbles of one size (at most 50 KB).',
      ),
    couponId: z.string().max(1000).optional().describe('coupon: its ID, as LINE Official Account Manager has it.'),
    deliveryTag: z
      .string()
      .max(300)
      .optional()
      .describe('coupon: for its statistics; at most 30 letters, digits and _.'),
    quickReply: z
      .strictObject({
        items: z
          .array(
            z.strictObject({
              type: z.string().max(16).describe('Always `action`.'),
              imageUrl: url.optional().describe('Its icon: HTTPS, PNG, square, at most 1 MB.'),
              action,
            }),
          )
          .max(20)
          .describe('The buttons.'),
      })
      .optional()
      .describe('Up to 13 buttons under the chat; on the last message only, LINE shows no others.'),
    sender: z
      .strictObject({
        name: z.string().max(300).optional().describe('At most 20 UTF-16 units, without “LINE”.'),
        iconUrl: url.optional().describe('HTTPS, PNG, square, at most 1 MB.'),
      })
      .optional()
      .describe('Another name and icon for this message.'),
  })
  .describe('A LINE message object; its strings may hold templates such as {{user.displayName}}.')
