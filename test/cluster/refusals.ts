import { apply, get, raw } from './kube.ts'

/**
 * How often the API server has answered Forbidden to what our functions ask of it. Its counter does not name who asked,
 * so: the resources that are in our Roles, and not POST, which none of ours sends and which every namespace that is
 * going away answers with Forbidden.
 */
export async function refusals(): Promise<number> {
  const text = await raw('/metrics')
  return String(text)
    .split('\n')
    .filter((line) => line.startsWith('apiserver_request_total{') && line.includes('code="403"'))
    .filter((line) => ours.test(line) && !line.includes('verb="POST"'))
    .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)
}

const ours = /resource="(bots|events|eventbindings|configmaps|secrets|services|revisions|namespaces|deployments)"/

const note = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'linebot-story-refusals' } } as const

/** Kept in the cluster: each file of stories is a process of its own. */
export const rememberRefusals = async (): Promise<unknown> =>
  apply('ConfigMap', 'default', { ...note, data: { count: String(await refusals()) } })

export async function refusalsRemembered(): Promise<number> {
  const kept = await get('ConfigMap', 'default', note.metadata.name)
  if (!kept) throw new Error('no count of refusals is kept: the stories of the installation come first')
  return Number(kept.data?.count)
}
