import type { Finding } from '../finding.ts'
import { findings } from '../finding.ts'
import type { Facts } from '../see.ts'

const { good, bad, unknown } = findings('Cluster')

/** The oldest that is supported. */
const oldest = 31

export function cluster({ version, refused }: Facts): Finding[] {
  const [, minor = '0'] = /^v1\.(\d+)/.exec(version) ?? []
  const age =
    Number(minor) >= oldest
      ? good(`Kubernetes ${version}`)
      : bad(`Kubernetes ${version}; 1.${oldest} or newer is needed`, 'upgrade the cluster')
  return [age, ...refused.map((sentence) => unknown(`not looked at: ${sentence}`, 'ask who may, to run this'))]
}
