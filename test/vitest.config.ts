import { defineConfig } from 'vitest/config'
import { InOrder } from './cluster/in-order.ts'

const project = (name: string, include: string[], rest = {}) => ({ test: { name, include, ...rest } })

export default defineConfig({
  test: {
    sequence: { sequencer: InOrder },
    projects: [
      // Real processes start in some of them, and on a busy machine that takes long; what hangs is still found.
      project('unit', ['test/**/*.test.ts'], {
        exclude: ['test/cluster/**'],
        testTimeout: 30_000,
        hookTimeout: 60_000,
      }),
      // One cluster, one story after the other.
      project('cluster', ['test/cluster/**/*.test.ts'], {
        fileParallelism: false,
        testTimeout: 300_000,
        hookTimeout: 600_000,
        globalSetup: ['test/cluster/setup.ts'],
      }),
    ],
  },
})
