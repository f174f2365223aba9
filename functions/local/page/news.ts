import type { Objects } from '../apiserver/store.ts'
import type { Platform } from '../line/app.ts'
import { makeMemory } from '../line/calls.ts'
import type { Happened } from '../line/happenings.ts'
import type { LocalHappening, LocalHappenings } from './happenings.ts'
import { type Explain, makeExplain } from './rules.ts'
import { type Why, whyOf } from './why.ts'
import { isShown, type Resource, resourceOf, resourcesIn, worldOf } from './world.ts'

/** What the page's browsers are told, each as one JSON object. */
export type News =
  /** Everything, when a browser connects. */
  | (World & {
      readonly type: 'all'
      readonly resources: readonly Resource[]
      readonly past: readonly News[]
      readonly serving: readonly News[]
    })
  | (World & { readonly type: 'world' })
  | { readonly type: 'resource'; readonly verb: 'set' | 'delete'; readonly resource: Resource }
  | { readonly type: 'happened'; readonly happened: Happened }
  | {
      readonly type: 'serving'
      readonly time: number
      /** `NAMESPACE/NAME` */
      readonly bot: string
      readonly pods: number
      readonly starting: number
    }
  | { readonly type: 'why'; readonly time: number; readonly bot: string; readonly why: Why }

type World = ReturnType<typeof worldOf>

export interface NewsDesk {
  /** All that there is to know, then each piece of news. Gives what ends that. */
  subscribe(listener: (news: News) => void): () => void
  close(): void
}

export interface Sources {
  readonly platform: Platform
  /** Absent = no API server: channels alone are shown. */
  readonly objects?: Objects | undefined
  readonly happenings?: LocalHappenings | undefined
}

const kept = 500

const newsOf = (happening: LocalHappening, explain: Explain): News | undefined => {
  const bot = `${happening.namespace}/${happening.service}`
  const time = Date.now()
  if (happening.kind === 'serving') {
    const { pods, starting = 0 } = happening
    return { type: 'serving', time, bot, pods, starting }
  }
  const why = whyOf(happening.line, bot, explain)
  return why && { type: 'why', time, bot, why }
}

const changesWorld = ({ kind }: Happened): boolean => kind === 'people' || kind === 'channel'

export const makeNewsDesk = ({ platform, objects, happenings }: Sources): NewsDesk => {
  const past = makeMemory<News>(kept)
  const explain = makeExplain(platform, objects)
  /** The last of each bot, which the past may have forgotten. */
  const serving = new Map<string, News>()
  const listeners = new Set<(news: News) => void>()

  const tell = (news: News): void => listeners.forEach((listener) => listener(news))
  const tellAndKeep = (news: News): void => {
    past.add(news)
    tell(news)
  }
  const tellWorld = (): void => tell({ type: 'world', ...worldOf(platform, objects) })

  const hear = (happened: Happened): void =>
    changesWorld(happened) ? tellWorld() : tellAndKeep({ type: 'happened', happened })

  for (const happened of platform.happenings.list()) hear(happened)
  const stops = [
    platform.happenings.on(hear),
    happenings?.on((happening) => {
      const news = newsOf(happening, explain)
      if (news?.type === 'serving') serving.set(news.bot, news)
      if (news) tellAndKeep(news)
    }),
    objects?.onChange(({ verb, object }) => {
      if (!isShown(object)) return
      tell({ type: 'resource', verb: verb === 'delete' ? 'delete' : 'set', resource: resourceOf(object) })
      if (object.kind === 'Bot' && verb !== 'update') tellWorld()
    }),
  ]
  return {
    subscribe: (listener) => {
      const resources = resourcesIn(objects)
      const told = { resources, past: past.list(), serving: [...serving.values()] }
      listener({ type: 'all', ...worldOf(platform, objects), ...told })
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    close: () => {
      for (const stop of stops) stop?.()
      listeners.clear()
    },
  }
}
