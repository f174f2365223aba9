import { startLine } from '../../functions/local/line/start.ts'
import { settingsFrom } from './world.ts'

/** LINE's platform for the whole run: bots remember its address, so it outlives each file of stories. */
export default async function setup(): Promise<() => Promise<void>> {
  const { gateway, port } = settingsFrom(process.env)
  const line = await startLine({ host: '0.0.0.0', port, gateway: `http://${gateway}`, httpWebhooks: true })
  return line.close
}
