import type { Obj } from './object.ts'
import type { Bot } from './resources/bot.ts'
import { selects } from './selector.ts'

/** Whether the Bot uses the EventBinding of its namespace: by its selector, or by the same name where it has none. */
export const uses = ({ spec, metadata }: Pick<Bot, 'spec' | 'metadata'>, binding: Pick<Obj, 'metadata'>): boolean =>
  spec.selector ? selects(spec.selector, binding.metadata.labels) : metadata.name === binding.metadata.name
