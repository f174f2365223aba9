/** What the promise says within `ms`, else `late`; the work behind it goes on. */
export async function within<Result, Late>(promise: Promise<Result>, ms: number, late: Late): Promise<Result | Late> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<Late>((resolve) => {
    timer = setTimeout(resolve, Math.max(0, ms), late)
  })
  return Promise.race([promise, limit]).finally(() => clearTimeout(timer))
}
