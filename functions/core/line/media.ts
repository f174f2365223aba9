import { formed, httpsUrl, type Shape, units } from './check.ts'

const number = formed(/^\d+$/, 'a number in quotes, such as "446"')

export const sticker: Shape = {
  name: 'a sticker message',
  required: { packageId: number, stickerId: number },
  optional: { quoteToken: units(2000) },
}

export const image: Shape = {
  name: 'an image message',
  required: { originalContentUrl: httpsUrl, previewImageUrl: httpsUrl },
}
