import { apply, get, raw } from './kube.ts'

/**
 * How often the API server's authorisation has let nobody pass, whoever asked: on a cluster that does nothing else, all
 * who ask are we and Knative. (`apiserver_request_total` counts no request that authorisation stops.)
 */
export async function refusals(): Promise<number> {
  const text = String(await raw('/metrics'))
  const lines = text.split('\n').filter((line) => line.startsWith('authorization_attempts_total{'))
  if (lines.length === 0) throw new Error('the API server counts no authorisation attempts')
  return lines
    .filter((line) => /result="(denied|no-opinion)"/.test(line))
    .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)
}

const note = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'linebot-story-refusals' } } as const

/** Kept in the cluster: each file of stories is a process of its own. */
export const rememberRefusals = async (): Promise<unknown> =>
  apply('ConfigMap', 'default', { ...note, data: { count: String(await refusals()) } })

export async function refusalsRemembered(): Promise<number> {
  const kept = await get('ConfigMap', 'default', note.metadata.name)
  if (!kept) throw new Error('no count of refusals is kept: the stories of the installation come first')
  return Number(kept.data?.count)
}
