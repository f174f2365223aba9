import { setTimeout as sleep } from 'node:timers/promises'
import { kubectl } from './kube.ts'

/**
 * Asks until there is an answer other than undefined or false. Throws after `seconds`, with what was wanted, what was
 * seen last, and what a person would look at.
 */
export async function until<T>(
  wanted: string,
  seconds: number,
  look: () => Promise<T | undefined | false>,
  seen: () => unknown = () => undefined,
): Promise<T> {
  const end = performance.now() + seconds * 1000
  for (;;) {
    const found = await look()
    if (found !== undefined && found !== false) return found
    if (performance.now() > end) throw new Error(`not within ${seconds} s: ${wanted}; last seen: ${show(seen())}`)
    await sleep(150)
  }
}

const show = (value: unknown) => JSON.stringify(value, undefined, 1)

/** What a person would look at. */
export async function surroundings(namespace: string): Promise<string> {
  const looks = [
    ['get', 'lbot,lbe,lbeb,ksvc,revision,pods', '-n', namespace],
    ['describe', 'lbot', '-n', namespace],
    ['logs', '-n', namespace, '-l', 'linebot.dev/bot', '-c', 'bot', '--tail=15', '--prefix'],
    ['logs', '-n', 'linebot-system', '-l', 'serving.knative.dev/service=bot-controller', '-c', 'function', '--tail=15'],
    [
      'logs',
      '-n',
      'linebot-system',
      '-l',
      'serving.knative.dev/service=event-controller',
      '-c',
      'function',
      '--tail=15',
    ],
    ['logs', '-n', 'linebot-system', '-l', 'serving.knative.dev/service=front-door', '-c', 'function', '--tail=15'],
  ]
  const said = await Promise.all(
    looks.map(async (args) => {
      const { stdout, stderr } = await kubectl(...args).catch((error: unknown) => ({
        stdout: '',
        stderr: String(error),
      }))
      return `$ kubectl ${args.join(' ')}\n${stdout}${stderr}`
    }),
  )
  return said.join('\n')
}
