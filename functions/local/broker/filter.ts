import { z } from 'zod'

/** An event's attributes, extensions too, by name. */
export type Attributes = Readonly<Record<string, string>>

const values = z.record(z.string(), z.string().min(1))

/** One of the Subscriptions API's dialects. */
export type Filter =
  | { readonly exact: Attributes }
  | { readonly prefix: Attributes }
  | { readonly suffix: Attributes }
  | { readonly any: readonly Filter[] }
  | { readonly all: readonly Filter[] }
  | { readonly not: Filter }

const filter: z.ZodType<Filter> = z.lazy(() =>
  z.union([
    z.strictObject({ exact: values }),
    z.strictObject({ prefix: values }),
    z.strictObject({ suffix: values }),
    z.strictObject({ any: z.array(filter) }),
    z.strictObject({ all: z.array(filter) }),
    z.strictObject({ not: filter }),
  ]),
)
export const filters = z.array(filter)

/** Whether the event passes; a list of filters is passed when each of them is. An absent attribute fits nothing. */
export function passes(wanted: Filter, event: Attributes): boolean {
  if ('exact' in wanted) return fits(wanted.exact, event, (has, value) => has === value)
  if ('prefix' in wanted) return fits(wanted.prefix, event, (has, value) => has.startsWith(value))
  if ('suffix' in wanted) return fits(wanted.suffix, event, (has, value) => has.endsWith(value))
  if ('any' in wanted) return wanted.any.some((one) => passes(one, event))
  if ('all' in wanted) return wanted.all.every((one) => passes(one, event))
  return !passes(wanted.not, event)
}

const fits = (wanted: Attributes, event: Attributes, like: (has: string, value: string) => boolean) =>
  Object.entries(wanted).every(([name, value]) => {
    const has = event[name]
    return has !== undefined && like(has, value)
  })
