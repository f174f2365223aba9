import { all, type Shape } from './check.ts'
import { between, whole } from './number.ts'
import { filled, formed, units } from './string.ts'
import { httpsUrl } from './uri.ts'

const number = formed(/^\d+$/, 'a number in quotes, such as "446"')

export const sticker: Shape = {
  name: 'a sticker message',
  required: { packageId: number, stickerId: number },
  optional: { quoteToken: filled },
}

export const image: Shape = {
  name: 'an image message',
  required: { originalContentUrl: httpsUrl, previewImageUrl: httpsUrl },
}

const tracking = formed(/^[-.=,+*()%$&;:@{}!?<>[\]0-9A-Za-z]*$/, 'made of letters, digits and -.=,+*()%$&;:@{}!?<>[]')

export const video: Shape = {
  name: 'a video message',
  required: { originalContentUrl: httpsUrl, previewImageUrl: httpsUrl },
  optional: { trackingId: all(units(100), tracking) },
}

export const audio: Shape = {
  name: 'an audio message',
  required: { originalContentUrl: httpsUrl, duration: whole(1) },
}

export const location: Shape = {
  name: 'a location message',
  required: { title: units(100), address: units(100), latitude: between(-90, 90), longitude: between(-180, 180) },
}

const tag = formed(/^\w*$/, 'made of letters, digits and _')

export const coupon: Shape = {
  name: 'a coupon message',
  required: { couponId: filled },
  optional: { deliveryTag: all(units(30), tag) },
}
