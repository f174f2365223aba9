import { raw } from './kube.ts'
import { podsOf } from './story.ts'
import { until } from './until.ts'

/** The sum of the series that have this name and these labels, as all front doors tell them; 0 before they count. */
export async function counted(series: string): Promise<number> {
  const pods = await podsOf('linebot-system', 'front-door')
  const texts = await Promise.all(
    pods.map(({ metadata }) => raw(`/api/v1/namespaces/linebot-system/pods/${metadata.name}:9464/proxy/metrics`)),
  )
  const [name = '', ...labels] = series.match(/^\w+|\w+="[^"]*"/g) ?? []
  const isOne = (line: string) => /^\w+/.exec(line)?.[0] === name && labels.every((label) => line.includes(label))
  const lines = texts.flatMap((text) => String(text).split('\n')).filter(isOne)
  return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)
}

/** The series' value once it is at least that: what is new is told as 0 first, and pushed a second after work. */
export async function countedAtLeast(series: string, least: number, seconds = 30): Promise<number> {
  let last = 0
  return until(
    `${series} is at least ${least}`,
    seconds,
    async () => {
      last = await counted(series)
      return last >= least ? last : undefined
    },
    () => last,
  )
}
