let stop: () => void = () => process.exit(0)
let heard = false

/** From now on SIGTERM and SIGINT end this process, whatever it is doing. A second one has the system's own action. */
export function hearSignals(): void {
  if (heard) return
  heard = true
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop())
}

/** There is something to do before the end: `then` does it, and ends the process. */
export function stopBy(then: () => void): void {
  stop = then
  hearSignals()
}
