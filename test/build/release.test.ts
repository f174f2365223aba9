import { expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { deployed } from '../../functions/build/bundle.ts'
import { manifest, shippedFiles } from '../../functions/build/manifest.ts'
import { isImage, release } from '../../functions/build/release.ts'
import { accounts } from '../../functions/core/access.ts'

const image = 'ghcr.io/you/linebot:1.0.0'

it.each([
  ['linebot', true],
  ['localhost:5000/linebot', true],
  ['ghcr.io/you/linebot:1.0.0', true],
  [`ghcr.io/you/linebot@sha256:${'0'.repeat(64)}`, true],
  ['', false],
  ['ghcr.io/You/linebot', false],
  ['ghcr.io/you/linebot:', false],
  ['ghcr.io/you/linebot: x', false],
  ['https://ghcr.io/you/linebot', false],
  ['linebot@sha256:abc', false],
])('knows whether %j can be an image', (text, can) => {
  expect(isImage(text)).toBe(can)
})

it('puts the image where the placeholder is, and leaves everything else as it was written', () => {
  const text = `# a word about linebot
spec:
  containers:
    - name: linebot
      image: linebot # ours
      env: [{ name: LINEBOT_IMAGE, value: linebot }, { name: LINEBOT_NAME, value: linebot }]
    - { image: "linebot" }
    - { image: other/linebot }
`
  expect(release([text], image)).toBe(`# a word about linebot
spec:
  containers:
    - name: linebot
      image: ghcr.io/you/linebot:1.0.0 # ours
      env: [{ name: LINEBOT_IMAGE, value: ghcr.io/you/linebot:1.0.0 }, { name: LINEBOT_NAME, value: linebot }]
    - { image: ghcr.io/you/linebot:1.0.0 }
    - { image: other/linebot }
`)
})

it('parts files by one line, whether or not they begin or end with their own', () => {
  expect(release(['---\na: 1\n\n', 'b: 2', 'c: 3\n---\nd: 4\n'], image)).toBe('a: 1\n---\nb: 2\n---\nc: 3\n---\nd: 4\n')
})

it('ships a namespace before what lives in it, definitions before rights, and no sample', () => {
  expect(shippedFiles()[0]).toBe('config/100-namespace.yaml')
  expect(shippedFiles().filter((path) => path.includes('sample'))).toEqual([])
  const documents = parseAllDocuments(manifest(image))
  expect(documents.flatMap(({ errors }) => errors)).toEqual([])
  expect(documents.every((document) => document.has('kind'))).toBe(true)
})

it('runs functions that the image holds, each under an account that its Role is made for', () => {
  const manifests = parseAllDocuments(manifest(image)).map((document) => document.toJS())
  const pods = manifests.filter(({ kind, apiVersion }) => kind === 'Service' && apiVersion === 'serving.knative.dev/v1')
  expect(pods.map(({ metadata }) => metadata.name).toSorted()).toEqual(deployed.filter((name) => name !== 'bot'))
  for (const { metadata, spec } of pods) {
    const { serviceAccountName, containers } = spec.template.spec
    expect(serviceAccountName).toBe(metadata.name)
    expect(accounts).toContain(serviceAccountName)
    expect(containers[0]).toMatchObject({ image, command: ['/nodejs/bin/node', `/app/${metadata.name}.cjs`] })
  }
})
