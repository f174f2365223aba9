import '../edge/hear-signals.ts'
import { runController } from '../edge/controller-main.ts'
import { linearRegex } from '../edge/linear-regex.ts'
import { eventController } from './controller.ts'

runController('event-controller', ({ cluster, log }) =>
  eventController({ cluster, linear: linearRegex, now: () => new Date(), log }),
)
