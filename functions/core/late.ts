import { countGraphemes } from './grapheme.ts'
import type { Problem } from './problem.ts'

/** Graphemes that LINE takes in a buttons template and on its button (line/template.ts, line/action.ts). */
const most = { text: 160, label: 20 } as const

/** What of `Bot.spec.lateAnswers` LINE would refuse; the schema's limits are guards, in code points. */
export const lateProblems = (
  late: { readonly text?: string | undefined; readonly label: string },
  path: string,
): Problem[] =>
  (['text', 'label'] as const).flatMap((name) => {
    const count = countGraphemes(late[name] ?? '')
    return count > most[name] ? [{ path: `${path}.${name}`, message: `${count} graphemes, at most ${most[name]}` }] : []
  })
