/** The cluster of KUBECONFIG, or of ~/.kube/config. The client takes long to load: only who needs it asks for it. */
export async function kubeconfig() {
  const client = await import('@kubernetes/client-node')
  const config = new client.KubeConfig()
  config.loadFromDefault()
  const server = config.getCurrentCluster()?.server
  // What the client falls back to where nothing is configured; nobody's cluster is there.
  if (!server || server === 'http://localhost:8080') {
    throw new Error('no kubeconfig is found: set KUBECONFIG; that of `npm start` is .local/kubeconfig')
  }
  return { client, config, server }
}
