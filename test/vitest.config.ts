import { defineConfig } from 'vitest/config'

const project = (name: string, include: string[], rest = {}) => ({ test: { name, include, ...rest } })

export default defineConfig({
  test: {
    projects: [
      project('unit', ['test/**/*.test.ts'], { exclude: ['test/cluster/**'] }),
      // One cluster, one story after the other.
      project('cluster', ['test/cluster/**/*.test.ts'], {
        fileParallelism: false,
        testTimeout: 300_000,
        hookTimeout: 600_000,
      }),
    ],
  },
})
