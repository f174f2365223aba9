import { distinctBy } from '../../../core/distinct.ts'
import type { Finding } from '../finding.ts'
import { findings } from '../finding.ts'
import type { Facts, Refusal } from '../see.ts'

const { good, bad, unknown } = findings('Cluster')

/**
 * Minors of 1. ValidatingAdmissionPolicy v1, which the manifest has one of, came with the first; the Knative that linebot
 * was run on takes none below the second.
 */
const oldest = 30
const tried = 34

export function cluster({ version, refused }: Facts): Finding[] {
  const [, minor = '0'] = /^v1\.(\d+)/.exec(version) ?? []
  return [
    judge(version, Number(minor)),
    // Of several things it may be said in the same words.
    ...distinctBy(refused, ({ message }) => message).map(untold),
  ]
}

const untold = ({ forbidden, message }: Refusal): Finding =>
  unknown(`not looked at: ${message}`, forbidden ? 'ask who may, to run this' : 'run it again in a moment')

function judge(version: string, minor: number): Finding {
  if (minor >= tried) return good(`Kubernetes ${version}`)
  if (minor < oldest) return bad(`Kubernetes ${version}; 1.${oldest} or newer is needed`, 'upgrade the cluster')
  return unknown(`Kubernetes ${version}; linebot is untried on what is older than 1.${tried}`, 'upgrade the cluster')
}
