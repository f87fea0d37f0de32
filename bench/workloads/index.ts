import type { Workload } from '../workload'
import { singleAdds } from './adds'
import { bulkWrites } from './bulk'
import { drains } from './drain'
import { emptyPoll } from './empty-poll'
import { firstPull } from './first-pull'
import { queueGrowth } from './queue-growth'
import { singleUpdates } from './updates'

/** Every workload, in the order of the report. */
export const workloads: readonly Workload[] = [
  singleAdds,
  singleUpdates,
  ...bulkWrites,
  firstPull,
  emptyPoll,
  ...drains,
  ...queueGrowth,
]
