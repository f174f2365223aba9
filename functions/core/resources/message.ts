import { z } from 'zod'

/**
 * LINE message objects as the CRD knows them. LINE tells its types apart by `type`; a structural schema may not
 * (no unions), so here every member of every type is optional and guards are generous. Which members a type has,
 * and LINE's exact limits, are judged by `core/line/messages.ts`, in status and by `linebot validate`.
 */

// Guards only, well above LINE's own limits: what the API server refuses takes the whole Event with it.
const url = z.string().max(4000)
const text = z.string().max(10_000)

/** LINE's message types that a reply can hold. */
export const messageTypes = ['text', 'sticker', 'image', 'template', 'flex'] as const

const action = z
  .strictObject({
    type: z
      .string()
      .max(32)
      .describe('message, postback, uri, datetimepicker, camera, cameraRoll, location or clipboard.'),
    label: z
      .string()
      .max(300)
      .optional()
      .describe('What the button says: at most 20 characters, 12 in an image carousel, 40 in a Flex button.'),
    text: z.string().max(1000).optional().describe('message: what the user is made to say; at most 300 characters.'),
    data: z
      .string()
      .max(1000)
      .optional()
      .describe('postback, datetimepicker: what the bot gets, for an Event of type postback; at most 300 characters.'),
    displayText: z
      .string()
      .max(1000)
      .optional()
      .describe('postback: shown in the chat as said by the user; at most 300 characters.'),
    inputOption: z
      .string()
      .max(32)
      .optional()
      .describe('postback: what opens or closes: closeRichMenu, openRichMenu, openKeyboard or openVoice.'),
    fillInText: z
      .string()
      .max(1000)
      .optional()
      .describe('postback with openKeyboard: what already stands in the input field; at most 300 characters.'),
    uri: z.string().max(2000).optional().describe('uri: http, https, line or tel; at most 1,000 characters.'),
    altUri: z
      .strictObject({ desktop: z.string().max(2000).optional().describe('The URI; at most 1,000 characters.') })
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
    clipboardText: z.string().max(2000).optional().describe('clipboard: what is copied; at most 1,000 characters.'),
  })
  .describe('A LINE action object: what a button does.')

const column = z.strictObject({
  thumbnailImageUrl: url.optional().describe('carousel: the image above; HTTPS.'),
  imageUrl: url.optional().describe('image_carousel: the image; HTTPS.'),
  imageBackgroundColor: z.string().max(16).optional().describe('Behind the image, as in `#FFFFFF`.'),
  title: z.string().max(400).optional().describe('At most 40 characters.'),
  text: z.string().max(1000).optional().describe('At most 120 characters, or 60 with an image or a title.'),
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
    title: z.string().max(400).optional().describe('buttons: at most 40 characters.'),
    text: z
      .string()
      .max(1000)
      .optional()
      .describe('buttons: at most 160 characters, or 60 with an image or a title; confirm: at most 240.'),
    defaultAction: action.optional().describe('buttons: what a tap beside the buttons does.'),
    actions: z.array(action).max(8).optional().describe('buttons: up to 4; confirm: 2.'),
    columns: z.array(column).max(20).optional().describe('carousel, image_carousel: up to 10.'),
  })
  .describe('A LINE template object.')

export const message = z
  .strictObject({
    type: z.enum(messageTypes).describe('LINE’s message type.'),
    text: text.optional().describe('text: at most 5,000 UTF-16 units.'),
    emojis: z
      .array(
        z.strictObject({
          index: z.int().min(0).max(5000).describe('Where its `$` stands in the text, in UTF-16 units from 0.'),
          productId: z.string().max(64).describe('The set of LINE emoji.'),
          emojiId: z.string().max(64).describe('The emoji in its set.'),
        }),
      )
      .max(40)
      .optional()
      .describe('text: LINE emoji; each index points at a `$`.'),
    packageId: z.string().max(32).optional().describe('sticker: its package.'),
    stickerId: z.string().max(32).optional().describe('sticker: its number.'),
    originalContentUrl: url.optional().describe('image: HTTPS, JPEG or PNG, at most 10 MB.'),
    previewImageUrl: url.optional().describe('image: HTTPS, at most 1 MB.'),
    altText: z
      .string()
      .max(3000)
      .optional()
      .describe('template, flex: shown in the chat list; at most 1,500 UTF-16 units.'),
    template: template.optional(),
    contents: z
      .looseObject({})
      .optional()
      .describe('flex: a bubble (at most 30 KB of JSON) or a carousel (at most 50 KB).'),
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
      .describe('Up to 13 buttons; only the last message’s are shown.'),
    sender: z
      .strictObject({
        name: z.string().max(100).optional().describe('At most 20 characters, without “LINE”.'),
        iconUrl: url.optional().describe('HTTPS, PNG, square, at most 1 MB.'),
      })
      .optional()
      .describe('Another name and icon for this message.'),
  })
  .describe('A LINE message object; its strings may hold templates such as {{user.displayName}}.')
