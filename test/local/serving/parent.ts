import { KnativeService } from '../../../functions/core/kinds.ts'
import { until } from '../../conformance/knative/until.ts'
import { begin, serviceOf } from './begin.ts'

/** Serving in a process of its own, with one Service: says who its child is, and goes on until it is ended. */
const { cluster, serving } = await begin({ directory: process.argv[2] ?? '' })
await cluster.apply(KnativeService, serviceOf('child'), 'test')
await until('it runs', 10, () => serving.running().length > 0)
process.stdout.write(`${JSON.stringify(serving.running())}\n`)
