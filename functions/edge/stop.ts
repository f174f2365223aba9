/**
 * Import it first, before anything that takes time: in a pod, Node is PID 1, which drops every signal that nobody
 * listens for, and a pod that was told to go while it started would stay for its whole grace, minutes.
 */
let stop: () => void = () => process.exit(0)

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop())

/** From now on there is something to do before the end, and `then` ends the process. */
export function stopBy(then: () => void): void {
  stop = then
}
