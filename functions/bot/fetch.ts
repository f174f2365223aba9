import { questionIn, ruleFor, type Ticket } from '../core/forward/ticket.ts'
import type { Incoming } from '../core/incoming.ts'
import type { Answering, Done } from './answer.ts'
import { ask, settle } from './forward.ts'

/** Somebody tapped the button under "this takes longer": the answer if it is known, else the question is asked again. */
export async function fetchAnswer(
  ticket: Ticket,
  incoming: Incoming & { readonly replyToken: string },
  bot: Answering,
): Promise<Done> {
  const asking = bot.memory.asking(ticket.id) ?? askAgain(ticket, incoming, bot)
  const forward = asking?.match.rule.forward
  if (asking && forward) return await settle({ incoming, asking, forward, fetched: true, bot })
  await bot.line.reply(incoming.replyToken, [{ type: 'text', text: bot.late.expired }])
  return { outcome: 'expired' }
}

/** This pod knows nothing of the question, but for what the button carries. */
function askAgain(ticket: Ticket, incoming: Incoming, bot: Answering) {
  const match = ruleFor(ticket.rule, bot.rules)
  const question = questionIn(ticket, incoming)
  return match?.rule.forward && question ? ask(question, match, match.rule.forward, bot) : undefined
}
