import { parseArgs } from 'node:util'
import { type Command, type Ended, misused, refused } from './command.ts'
import { apiOfUser } from './doctor/api.ts'
import { askLine } from './doctor/channel.ts'
import { address } from './doctor/checks/address.ts'
import { bots } from './doctor/checks/bots.ts'
import { cluster } from './doctor/checks/cluster.ts'
import { credentials } from './doctor/checks/credentials.ts'
import { definitions } from './doctor/checks/definitions.ts'
import { knative } from './doctor/checks/knative.ts'
import { parts } from './doctor/checks/parts.ts'
import { permissions } from './doctor/checks/permissions.ts'
import { quota } from './doctor/checks/quota.ts'
import { targets } from './doctor/checks/targets.ts'
import { tenants } from './doctor/checks/tenants.ts'
import { webhook } from './doctor/checks/webhook.ts'
import type { Finding } from './doctor/finding.ts'
import { reach } from './doctor/reach.ts'
import { type Facts, type Senses, see, type Target } from './doctor/see.ts'

export const command: Command = {
  usage: 'doctor [NAMESPACE[/BOT]] [-o json]',
  summary:
    'Looks at the cluster, Knative, linebot, the Bots and their channels at LINE, and says what is wrong and what mends it. Changes nothing.',
  async run(args) {
    const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options })
    const [given, ...more] = positionals
    const [namespace, bot, ...rest] = given?.split('/') ?? []
    const output = values.output ?? 'text'
    if (more.length + rest.length > 0 || namespace === '' || bot === '' || !['json', 'text'].includes(output)) {
      return misused(command.usage)
    }
    return doctor({ read: await apiOfUser(), reach, askLine }, { namespace, bot }, output === 'json')
  },
}

const options = { output: { type: 'string', short: 'o' } } as const

/** In the order in which a person would mend things: what comes first may be why the rest is wrong. */
export const checks: readonly ((facts: Facts) => Finding[])[] = [
  cluster,
  knative,
  definitions,
  parts,
  permissions,
  tenants,
  address,
  bots,
  targets,
  credentials,
  webhook,
  quota,
]

export async function doctor(senses: Senses, target: Target, json: boolean): Promise<Ended> {
  let facts: Facts
  try {
    facts = await see(senses, target)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return refused(`the API server does not answer: ${why}; is KUBECONFIG the right one, and the cluster up?`)
  }
  const found = checks.flatMap((check) => check(facts))
  const well = found.every(({ status }) => status !== 'Bad')
  const out = json ? JSON.stringify({ well, findings: found }, undefined, 2) : asText(found)
  return { code: well ? 0 : 1, out }
}

const marks = { Good: '✓', Bad: '✗', Unknown: '?' } as const

function asText(found: readonly Finding[]): string {
  const width = Math.max(...found.map(({ check }) => check.length))
  const indent = ' '.repeat(width + 4)
  const lines = found.flatMap(({ check, status, message, todo }) => [
    `${marks[status]} ${check.padEnd(width)}  ${message}`,
    ...(todo === undefined ? [] : [`${indent}→ ${todo}`]),
  ])
  const bad = found.filter(({ status }) => status === 'Bad').length
  return [...lines, '', bad === 0 ? 'nothing is wrong' : `${bad} ${bad === 1 ? 'thing is' : 'things are'} wrong`].join(
    '\n',
  )
}
