import { z } from 'zod'

/**
 * LINE message objects as the CRD knows them. LINE tells its types apart by `type`; a structural schema may not
 * (no unions), so here every member of every type is optional and guards are generous. Which members a type has,
 * and LINE's exact limits, are judged by `core/line/messages.ts`, in status and by `linebot validate`.
 */

const url = z.string().max(2000)
const text = z.string().max(5000)

/** LINE's message types that a reply can hold. */
export const messageTypes = ['text', 'sticker', 'image', 'template', 'flex'] as const

const action = z
  .strictObject({
    type: z
      .string()
      .max(32)
      .describe('message, postback, uri, datetimepicker, camera, cameraRoll, location or clipboard.'),
    label: z.string().max(300).optional(),
    text: z.string().max(1000).optional(),
    data: z.string().max(1000).optional(),
    displayText: z.string().max(1000).optional(),
    inputOption: z.string().max(32).optional(),
    fillInText: z.string().max(1000).optional(),
    uri: z.string().max(2000).optional(),
    altUri: z.strictObject({ desktop: z.string().max(2000).optional() }).optional(),
    mode: z.string().max(16).optional(),
    initial: z.string().max(32).optional(),
    max: z.string().max(32).optional(),
    min: z.string().max(32).optional(),
    clipboardText: z.string().max(2000).optional(),
  })
  .describe('A LINE action object.')

const column = z.strictObject({
  thumbnailImageUrl: url.optional(),
  imageUrl: url.optional(),
  imageBackgroundColor: z.string().max(16).optional(),
  title: z.string().max(400).optional(),
  text: z.string().max(1000).optional(),
  defaultAction: action.optional(),
  actions: z.array(action).max(8).optional(),
  action: action.optional(),
})

const template = z
  .strictObject({
    type: z.string().max(32).describe('buttons, confirm, carousel or image_carousel.'),
    thumbnailImageUrl: url.optional(),
    imageAspectRatio: z.string().max(32).optional(),
    imageSize: z.string().max(32).optional(),
    imageBackgroundColor: z.string().max(16).optional(),
    title: z.string().max(400).optional(),
    text: z.string().max(1000).optional(),
    defaultAction: action.optional(),
    actions: z.array(action).max(8).optional(),
    columns: z.array(column).max(20).optional(),
  })
  .describe('A LINE template object.')

export const message = z
  .strictObject({
    type: z.enum(messageTypes).describe('LINE’s message type.'),
    text: text.optional().describe('text: at most 5,000 UTF-16 units.'),
    emojis: z
      .array(
        z.strictObject({ index: z.int().min(0).max(5000), productId: z.string().max(64), emojiId: z.string().max(64) }),
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
        items: z.array(z.strictObject({ type: z.string().max(16), imageUrl: url.optional(), action })).max(20),
      })
      .optional()
      .describe('Up to 13 buttons; only the last message’s are shown.'),
    sender: z
      .strictObject({ name: z.string().max(100).optional(), iconUrl: url.optional() })
      .optional()
      .describe('Another name and icon for this message.'),
  })
  .describe('A LINE message object; its strings may hold templates such as {{user.displayName}}.')
