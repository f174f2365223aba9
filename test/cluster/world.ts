/**
 * What the cluster stories stand on. They take everything from the environment:
 *
 *   KUBECONFIG       a cluster with Knative Serving and Eventing, and the right to do anything in it; kubectl is on PATH
 *   LINEBOT_IMAGE    an image of linebot that the cluster can run
 *   LINEBOT_GATEWAY  host:port where this machine reaches the cluster's ingress; Services are told apart by Host
 *   LINEBOT_HOST     this machine's address as pods reach it
 *   LINEBOT_KILL_API optional: a shell command that ends the API server with SIGKILL and starts it again
 *   LINEBOT_CHURN    optional: how many Bots are made, changed and deleted while parts are killed (12), with 4 Events each
 *   LINEBOT_PREVIOUS_MANIFEST  optional: the file of an earlier release, to be upgraded; its image, too, is one the cluster can run
 *   LINEBOT_PORT     where LINE's stand-in listens on this machine (17072)
 *
 * linebot, if it is there, is removed and installed anew; the stories' namespaces stay until the next run, to be looked at.
 */
export interface Settings {
  readonly image: string
  readonly gateway: string
  /** LINE's stand-in as pods reach it. */
  readonly lineApi: string
  readonly port: number
  readonly killApiServer: string | undefined
  readonly churn: number
}

/** Throws one Error that names all that is missing. */
export function settingsFrom(env: NodeJS.ProcessEnv): Settings {
  const { KUBECONFIG, LINEBOT_IMAGE = '', LINEBOT_GATEWAY = '', LINEBOT_HOST = '', LINEBOT_PORT = '17072' } = env
  const { LINEBOT_KILL_API, LINEBOT_CHURN = '12' } = env
  const needed = { KUBECONFIG, LINEBOT_IMAGE, LINEBOT_GATEWAY, LINEBOT_HOST }
  const missing = Object.entries(needed)
    .filter(([, value]) => !value)
    .map(([name]) => name)
  if (missing.length > 0) throw new Error(`the cluster stories need ${missing.join(', ')}: see test/cluster/world.ts`)
  return {
    image: LINEBOT_IMAGE,
    gateway: LINEBOT_GATEWAY,
    lineApi: `http://${LINEBOT_HOST}:${LINEBOT_PORT}`,
    port: Number(LINEBOT_PORT),
    killApiServer: LINEBOT_KILL_API || undefined,
    churn: Number(LINEBOT_CHURN),
  }
}

export const world: Settings = settingsFrom(process.env)
