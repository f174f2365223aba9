import { type Answer, type Ask, refused } from './answers.ts'
import { integer, optional, shape, text } from './checks.ts'
import { beanRefusal } from './dialects.ts'

/** display-a-loading-animation: 5–60 in steps of 5, and 20 unless said. */
const request = shape({ chatId: text(Number.MAX_SAFE_INTEGER), loadingSeconds: optional(integer(5, 60)) })

/** Taken for users alone. Nothing is shown here; the record of calls has it. */
export const startLoading = ({ body, header }: Ask): Answer => {
  if (header('x-line-retry-key') !== undefined) return refused(400, 'The retry key is not supported by this API')
  const problems = request(body, [])
  if (problems.length > 0) return { status: 400, body: beanRefusal(problems) }
  const { chatId, loadingSeconds = 20 } = body
  if (Number(loadingSeconds) % 5 !== 0) {
    return refused(400, 'The value must be one of 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60')
  }
  return String(chatId).startsWith('U') ? { status: 202, body: {} } : refused(400, 'The chat must be with a user')
}
