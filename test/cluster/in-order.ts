import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Files by their names: the cluster's stories tell one after the other. */
export class InOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted((a, b) => (a.moduleId < b.moduleId ? -1 : 1))
  }
}
