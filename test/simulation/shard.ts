// First, as in the tests: the library looks at the classes of IndexedDB.
import 'fake-indexeddb/auto'
import { startLibrary } from './library'
import { runSeed } from './run'

/** A process of its own for `shards.ts`: is sent seeds, answers with reports. */
process.on('message', (seed: number) => {
  void runSeed(seed, { startEngine: startLibrary }).then((report) => process.send?.(report))
})
// Nobody is left who would ask.
process.on('disconnect', () => process.exit())
