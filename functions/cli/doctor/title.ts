import type { Obj } from '../../core/object.ts'

/** `NAMESPACE/BOT`. */
export const titleOf = ({ metadata }: Obj): string => `${metadata.namespace}/${metadata.name}`
