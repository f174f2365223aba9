/**
 * Whether a request may act as LINE's users: it comes from a program, or from a page of the same origin.
 * Any page in a browser can send requests to a port of this machine; it cannot leave out its origin.
 */
export const isOwn = (host: string | undefined, origin: string | undefined): boolean =>
  origin === undefined || (URL.canParse(origin) && new URL(origin).host === host)
