import { expect, it } from 'vitest'
import { run } from '../../functions/cli/cli.ts'

it.each([
  [['--help'], 0],
  [[], 2],
  [['fly'], 2],
])('%j lists every command', async (args, code) => {
  const ended = await run(args)
  expect(ended.code).toBe(code)
  for (const command of ['enable', 'disable', 'explain', 'import', 'say', 'test', 'validate'])
    expect(ended.out ?? ended.err).toContain(`linebot ${command}`)
})

it.each([
  [['enable']],
  [['enable', 'a', 'b']],
  [['disable']],
  [['validate']],
  [['enable', 'a', '--dryrun']],
  [['constructor']],
])('%j is not understood', async (args) => {
  expect(await run(args)).toMatchObject({ code: 2 })
})

it.each(['enable', 'disable', 'explain', 'import', 'say', 'test', 'validate'])(
  '%s --help says how to write it',
  async (name) => {
    expect(await run([name, '--help'])).toMatchObject({
      code: 0,
      out: expect.stringContaining(`usage: linebot ${name}`),
    })
  },
)

it('says which command was probably meant', async () => {
  expect(await run(['tset'])).toEqual({ code: 2, err: 'there is no command tset; did you mean test?' })
})

it('names a file that cannot be read', async () => {
  expect(await run(['validate', 'no-such.yaml'])).toMatchObject({
    code: 1,
    err: expect.stringContaining('no-such.yaml'),
  })
})
