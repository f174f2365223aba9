import type { BotWithRules } from '../../core/bound.ts'
import { Bot, ConfigMap, KnativeService, Revision } from '../../core/kinds.ts'
import type { Obj } from '../../core/object.ts'
import type { Bot as BotResource } from '../../core/resources/bot.ts'
import type { RuleFile } from '../../core/rule.ts'
import type { Reader } from '../cluster.ts'

/** What we read of a Revision that the bot-controller's template became. */
interface RevisionSpec {
  readonly spec?: {
    readonly containers?: readonly { readonly name: string; readonly env?: readonly Variable[] }[]
    readonly volumes?: readonly { readonly projected?: { readonly sources?: readonly Source[] } }[]
  }
}

interface Variable {
  readonly name: string
  readonly value?: string
}

interface Source {
  readonly configMap?: { readonly name: string }
}

/**
 * The Bot with what its latest ready Revision mounts and is told: what answers now, which is not always what was
 * applied. A sentence where there is none.
 */
export async function deployedBot(reader: Reader, namespace: string, name: string): Promise<BotWithRules | string> {
  const bot = await reader.get<BotResource>({ ...Bot, namespace, name })
  if (!bot) return `there is no Bot ${name} in namespace ${namespace}; name one elsewhere by --bot NAMESPACE/${name}`
  const service = await reader.get<{ status?: { latestReadyRevisionName?: string } }>({
    ...KnativeService,
    namespace,
    name,
  })
  const latest = service?.status?.latestReadyRevisionName
  const revision = latest && (await reader.get<RevisionSpec>({ ...Revision, namespace, name: latest }))
  if (!revision) return `Bot ${name} has no Revision that is ready: kubectl describe lbot ${name} -n ${namespace}`
  const files = await Promise.all(mounted(revision).map((one) => ruleFile(reader, namespace, one)))
  return { bot, files, env: environmentOf(revision) }
}

const mounted = ({ spec }: RevisionSpec): string[] =>
  (spec?.volumes ?? []).flatMap(({ projected }) =>
    (projected?.sources ?? []).flatMap(({ configMap }) => (configMap ? [configMap.name] : [])),
  )

async function ruleFile(reader: Reader, namespace: string, name: string): Promise<RuleFile> {
  const found = await reader.get<Obj & { data?: Record<string, string> }>({ ...ConfigMap, namespace, name })
  const rules = found?.data?.['rules.json']
  if (rules === undefined) throw new Error(`ConfigMap ${name}, which the bot mounts, is not there`)
  // Written by the event-controller, and immutable.
  return JSON.parse(rules) as RuleFile
}

/** What is no plain value, as a Secret's key, is none of the bot's settings. */
const environmentOf = ({ spec }: RevisionSpec): Record<string, string> =>
  Object.fromEntries(
    (spec?.containers ?? [])
      .filter(({ name }) => name === 'bot')
      .flatMap(({ env = [] }) => env.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]]))),
  )
