import { detailsOf, type FileReport, failedIn, type Played, titleOf } from './report.ts'

/** JUnit's XML as CI servers read it: a suite a file, a case a conversation; a file not understood is an error. */
export function junit(files: readonly FileReport[]): string {
  const sum = (count: (file: FileReport) => number) => files.reduce((total, file) => total + count(file), 0)
  const counts = attributes({
    tests: sum(testsIn),
    failures: sum((file) => failedIn(file).length),
    errors: sum(errorsIn),
    time: seconds(sum(msOf)),
  })
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="linebot test" ${counts}>`,
    ...files.flatMap(suiteLines),
    '</testsuites>',
    '',
  ].join('\n')
}

const errorsIn = ({ faults }: FileReport) => (faults.length > 0 ? 1 : 0)
const testsIn = (file: FileReport) => file.played.length + errorsIn(file)
const msOf = ({ played }: FileReport) => played.reduce((total, { ms }) => total + ms, 0)

function suiteLines(file: FileReport): string[] {
  const counts = attributes({
    name: file.name,
    tests: testsIn(file),
    failures: failedIn(file).length,
    errors: errorsIn(file),
    time: seconds(msOf(file)),
  })
  const error = file.faults.length > 0 ? errorLines(file) : []
  return [`  <testsuite ${counts}>`, ...error, ...file.played.flatMap((one) => caseLines(one, file)), '  </testsuite>']
}

const errorLines = ({ name, faults }: FileReport): string[] => [
  `    <testcase ${attributes({ name, classname: name })}>`,
  `      <error ${attributes({ message: faults[0] ?? '' })}>${escaped(faults.join('\n'))}</error>`,
  '    </testcase>',
]

function caseLines({ conversation, failures, ms }: Played, { name, placeOf }: FileReport): string[] {
  const what = attributes({ name: conversation.name, classname: name, time: seconds(ms) })
  const [first] = failures
  if (!first) return [`    <testcase ${what} />`]
  const text = failures.flatMap((one) => [`${placeOf(one.step.path)}: ${titleOf(one)}`, ...detailsOf(one)]).join('\n')
  return [
    `    <testcase ${what}>`,
    `      <failure ${attributes({ message: titleOf(first) })}>${escaped(text)}</failure>`,
    '    </testcase>',
  ]
}

const seconds = (ms: number): string => (ms / 1000).toFixed(3)

const attributes = (given: Readonly<Record<string, string | number>>): string =>
  Object.entries(given)
    .map(([name, value]) => `${name}="${escaped(String(value)).replaceAll('\n', '&#10;')}"`)
    .join(' ')

/** XML 1.0 knows no control characters but these three, not even escaped. */
const escaped = (text: string): string =>
  text
    .replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
