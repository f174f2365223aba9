import '../edge/hear-signals.ts'
import { compile } from '../core/compile.ts'
import { shadowed } from '../core/shadow.ts'
import { runController } from '../edge/controller-main.ts'
import { linearRegex } from '../edge/linear-regex.ts'
import type { Judge } from './bind.ts'
import { eventController } from './controller.ts'

const judge: Judge = { compile: (event, brokerUrl) => compile(event, linearRegex, brokerUrl), shadowed }

runController('event-controller', ({ cluster, log }) => eventController({ cluster, judge, now: () => new Date(), log }))
