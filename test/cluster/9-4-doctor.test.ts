import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Finding } from '../../functions/cli/doctor/finding.ts'
import { applyLinebot, linebotReady } from './install.ts'
import { apply, get, kubectl, kubectlWith, remove } from './kube.ts'
import { type Channel, channelAtLine, makeChannel } from './line.ts'
import {
  applyAll,
  botFor,
  botReady,
  linebot,
  makeBot,
  namespaceFor,
  secretFor,
  secretWith,
  showWhenFailed,
} from './story.ts'
import { until } from './until.ts'
import { world } from './world.ts'

const root = join(import.meta.dirname, '../..')

/**
 * As a person runs it. The stand-in's names lead nowhere by DNS, which doctor says each time; where the stand-in did not
 * get through to them either, it calls that wrong, and is right.
 */
async function doctor(target: string): Promise<Finding[]> {
  const { stdout } = await linebot('doctor', target, '-o', 'json').catch((error: { stdout: string }) => error)
  const { findings }: { findings: Finding[] } = JSON.parse(stdout)
  return findings.filter(({ check, status }) => status === 'Bad' && check !== 'Address')
}

/** What was mended shows in a status when a sweep has been. */
async function allIsWell(): Promise<void> {
  let left: Finding[] = []
  const look = async () => {
    left = await doctor(namespace)
    return left.length === 0
  }
  await until('doctor finds nothing wrong', 150, look, () => left)
}

let namespace: string
let channel: Channel
beforeAll(async () => {
  namespace = await namespaceFor('doctor')
  channel = await makeBot(namespace, 'patient')
  await botReady(namespace, 'patient')
})

const mend = (finding: Finding | undefined) => promisify(execFile)('sh', ['-c', String(finding?.todo)], { cwd: root })

describe('doctor', () => {
  it('finds nothing wrong, and says of the name that no DNS knows that LINE got through to it', async () => {
    showWhenFailed(namespace)
    expect(await doctor(namespace)).toEqual([])
    const { stdout } = await linebot('doctor', namespace).catch((error: { stdout: string }) => error)
    expect(stdout).toMatch(/\? Address .*nobody knows the name front-door\.linebot-system\..*; LINE’s test got through/)
    expect(stdout).toMatch(/✓ Webhook .* its test succeeded/)
    expect(stdout).toMatch(/nothing is wrong\s*$/)
  })

  it.each<[string, () => Promise<unknown>, RegExp]>([
    [
      'a RoleBinding',
      () => kubectl('delete', 'rolebinding', 'linebot-source', '-n', namespace),
      /lacks RoleBinding linebot-source/,
    ],
    ['the label', () => kubectl('label', 'namespace', namespace, 'linebot.dev/bots-'), /has not opted in/],
  ])('says that a namespace lost %s; the command that it prints mends that', async (_what, breaks, sentence) => {
    await breaks()
    const one = (await doctor(namespace)).find(({ check }) => check === 'Namespaces')
    expect(one?.message).toMatch(sentence)
    await mend(one)
    expect((await doctor(namespace)).filter(({ check }) => check === 'Namespaces')).toEqual([])
  })

  it('says that a Trigger is gone, and one left over; the commands that it prints mend both', async () => {
    showWhenFailed('linebot-system')
    await linebotReady()
    const trigger = await get('Trigger', 'linebot-system', 'event-controller')
    await remove('Trigger', 'linebot-system', 'event-controller')
    await kubectlWith(
      JSON.stringify({ ...trigger, metadata: { name: 'of-before', namespace: 'linebot-system' }, status: undefined }),
      'apply',
      '-f',
      '-',
    )
    const found = (await doctor(namespace)).filter(
      ({ message }) => message.includes('release') || message.includes('not there'),
    )
    expect(found.map(({ message }) => message).toSorted()).toEqual([
      'Trigger event-controller is not there',
      'Trigger of-before is of another release than this command',
    ])
    expect(found.find(({ message }) => message.includes('not there'))?.todo).toBe('kubectl apply -f linebot.yaml')
    await applyLinebot()
    await mend(found.find(({ message }) => message.includes('of-before')))
    await linebotReady()
    await allIsWell()
  })

  it('says that kinds are of another release', async () => {
    const field = '/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/priority/description'
    const change = JSON.stringify([{ op: 'replace', path: field, value: 'As it was.' }])
    await kubectl('patch', 'crd', 'eventbindings.linebot.dev', '--type', 'json', '-p', change)
    const [one] = await doctor(namespace)
    expect(one).toMatchObject({ check: 'Kinds', todo: 'kubectl apply -f linebot.yaml' })
    await applyLinebot()
    await allIsWell()
  })

  it('says that LINE has another webhook; the command that it prints has it set again', async () => {
    showWhenFailed(namespace)
    const { endpoint } = await channelAtLine(channel)
    await setAtLine(channel, 'http://elsewhere.bots.test/')
    const [one] = await doctor(`${namespace}/patient`)
    expect(one?.message).toMatch(/LINE has http:\/\/elsewhere\.bots\.test\/, not http/)
    await mend(one)
    expect(await until('LINE has it again', 60, async () => (await channelAtLine(channel)).endpoint === endpoint)).toBe(
      true,
    )
  })

  it('says what is wrong with a Secret: gone, a key missing, refused by LINE', async () => {
    showWhenFailed(namespace)
    const other = await makeChannel(`${namespace}-sick`)
    await applyAll(namespace, [botFor('sick')])
    const said = async () => (await doctor(`${namespace}/sick`)).find(({ check }) => check === 'Credentials')
    expect(await said()).toMatchObject({
      message: expect.stringMatching(/no Secret sick/),
      todo: expect.stringMatching(/^kubectl create secret/),
    })
    await apply('Secret', namespace, secretWith('sick', { channelSecret: 'x' }))
    expect((await said())?.message).toMatch(/has no channelId/)
    await apply('Secret', namespace, secretFor('sick', { ...other, secret: 'mistyped' }))
    expect(await said()).toMatchObject({
      message: expect.stringMatching(/LINE refuses/),
      todo: expect.stringMatching(/console/),
    })
    await apply('Secret', namespace, secretFor('sick', other))
    expect(await said()).toBeUndefined()
  })
})

async function setAtLine(to: Channel, endpoint: string): Promise<void> {
  const line = `http://127.0.0.1:${world.port}`
  const form = new URLSearchParams({ grant_type: 'client_credentials', client_id: to.id, client_secret: to.secret })
  const issued = await fetch(`${line}/oauth2/v3/token`, { method: 'POST', body: form })
  // LINE's own shape.
  const { access_token: token } = (await issued.json()) as { access_token: string }
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  await fetch(`${line}/v2/bot/channel/webhook/endpoint`, { method: 'PUT', headers, body: JSON.stringify({ endpoint }) })
}
