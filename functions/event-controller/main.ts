import { compile } from '../core/compile.ts'
import { shadowed } from '../core/shadow.ts'
import { runController } from '../edge/controller-main.ts'
import { linearRegex } from '../edge/linear-regex.ts'
import { eventController } from './controller.ts'

const judge = { compile: (event: Parameters<typeof compile>[0]) => compile(event, linearRegex), shadowed }

runController('event-controller', ({ cluster, log }) => eventController({ cluster, judge, now: () => new Date(), log }))
