/** Promises that must end before the process may. */
export interface Work {
  readonly size: number
  /** Gives the same promise back. */
  add<Result>(promise: Promise<Result>): Promise<Result>
  /** When nothing is left, also of what was added meanwhile. */
  done(): Promise<void>
}

export function makeWork(changed: (size: number) => void = () => {}): Work {
  const open = new Set<Promise<unknown>>()
  const remove = (promise: Promise<unknown>) => {
    open.delete(promise)
    changed(open.size)
  }
  return {
    get size() {
      return open.size
    },
    add(promise) {
      open.add(promise)
      changed(open.size)
      const end = () => remove(promise)
      promise.then(end, end)
      return promise
    },
    async done() {
      while (open.size > 0) await Promise.allSettled(open)
    },
  }
}
