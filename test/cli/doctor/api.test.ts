import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished, vi } from 'vitest'
import { apiOfUser } from '../../../functions/cli/doctor/api.ts'
import { kubeconfigFor } from '../../../functions/local/kubeconfig.ts'
import { cutting } from '../../edge/cut.ts'

// Kubernetes' own client takes seconds to load on a busy machine.
vi.setConfig({ testTimeout: 30_000 })

it('says why there is no answer when it is cut', async () => {
  const home = mkdtempSync(join(tmpdir(), 'doctor-'))
  onTestFinished(() => {
    vi.unstubAllEnvs()
    rmSync(home, { recursive: true })
  })
  writeFileSync(join(home, 'kubeconfig'), kubeconfigFor(await cutting(200)))
  vi.stubEnv('KUBECONFIG', join(home, 'kubeconfig'))
  const read = await apiOfUser()
  await expect(read('/version')).rejects.toThrow('aborted')
})
