import { same } from '../../../core/plan.ts'
import { crdFor, kindNames } from '../../../core/schema/crd.ts'
import type { Finding } from '../finding.ts'
import { again, findings } from '../finding.ts'
import { type Facts, isAbsent, isLocal, mayRead } from '../see.ts'

const { good, bad } = findings('Kinds')

/** Whether the API server knows our kinds as this release has them. */
export function definitions(facts: Facts): Finding[] {
  if (isLocal(facts)) return [good('served by `npm start`')]
  if (!mayRead(facts, 'customresourcedefinitions')) return []
  if (isAbsent(facts)) return [bad('linebot is not installed', again)]
  const wrong = kindNames.flatMap((kind) => {
    const { metadata, spec } = crdFor(kind)
    const live = facts.definitions.get(metadata.name)
    if (live === undefined) return [bad(`the cluster knows no ${metadata.name}`, again)]
    const [wanted] = spec.versions
    if (same(live, wanted.schema.openAPIV3Schema)) return []
    return [bad(`${metadata.name} is of another release than this command`, again)]
  })
  return wrong.length > 0 ? wrong : [good(`${kindNames.join(', ')} are of this release`)]
}
