import { qualified, type Resource } from './resources.ts'

export interface Cause {
  readonly reason: string
  readonly message: string
  readonly field?: string
}

/** The request ends here, with a metav1.Status that says why. */
export class Refusal extends Error {
  readonly status: number
  readonly reason: string | undefined
  readonly details: object | undefined
  constructor(status: number, reason: string | undefined, message: string, details?: object) {
    super(message)
    this.status = status
    this.reason = reason
    this.details = details
  }
}

export const statusOf = ({ status, reason, message, details }: Refusal): object => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Failure',
  message,
  ...(reason && { reason }),
  ...(details && { details }),
  code: status,
})

const detailsOf = ({ group, plural }: Resource, name: string) => ({ name, ...(group && { group }), kind: plural })

export const notFound = (resource: Resource, name: string): Refusal =>
  new Refusal(404, 'NotFound', `${qualified(resource)} "${name}" not found`, detailsOf(resource, name))

export const alreadyExists = (resource: Resource, name: string): Refusal =>
  new Refusal(409, 'AlreadyExists', `${qualified(resource)} "${name}" already exists`, detailsOf(resource, name))

export const conflict = (resource: Resource, name: string, why: string): Refusal =>
  new Refusal(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${qualified(resource)} "${name}": ${why}`,
    detailsOf(resource, name),
  )

export const modified = 'the object has been modified; please apply your changes to the latest version and try again'

export const badRequest = (message: string): Refusal => new Refusal(400, 'BadRequest', message)

/** `field` and `message` of each cause are what `kubectl` prints. */
export function invalid({ group, kind }: Resource, name: string, causes: readonly Cause[]): Refusal {
  const said = causes.map(({ field, message }) => `${field}: ${message}`)
  const all = said.length === 1 ? said[0] : `[${said.join(', ')}]`
  const what = group ? `${kind}.${group}` : kind
  return new Refusal(422, 'Invalid', `${what} "${name}" is invalid: ${all}`, {
    name,
    ...(group && { group }),
    kind,
    causes,
  })
}
