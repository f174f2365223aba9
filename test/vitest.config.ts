import { defineConfig } from 'vitest/config'
import { InOrder } from './cluster/in-order.ts'

/** What they break is everybody's, and they take long, so they are told by themselves. */
const kills = ['7-churn', '8-kills', '9-9-uninstall'].map((story) => `test/cluster/${story}.test.ts`)
/** One cluster, one story after the other. */
const onCluster = {
  fileParallelism: false,
  // What a story waits for says by itself what did not come; this is for what hangs.
  testTimeout: 600_000,
  hookTimeout: 600_000,
  globalSetup: ['test/cluster/setup.ts'],
}

const project = (name: string, include: string[], rest = {}) => ({ test: { name, include, ...rest } })

export default defineConfig({
  test: {
    sequence: { sequencer: InOrder },
    projects: [
      // Real processes start in some of them, and on a busy machine that takes long; what hangs is still found.
      project('unit', ['test/**/*.test.ts'], {
        exclude: ['test/cluster/**'],
        testTimeout: 60_000,
        hookTimeout: 60_000,
      }),
      project('cluster', ['test/cluster/**/*.test.ts'], { ...onCluster, exclude: kills }),
      project('kills', kills, onCluster),
    ],
  },
})
