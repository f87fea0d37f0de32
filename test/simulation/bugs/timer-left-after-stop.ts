import type { Bug } from './bug'

export const timerLeftAfterStop: Bug = {
  name: 'timer-left-after-stop',
  patches: [
    {
      file: 'src/tabs/leader-watch.ts',
      find: 'over = true\n    stopTimer()',
      replace: 'over = true',
    },
  ],
  noticedBy: 'Q14',
  seeds: { from: 1, within: 5 },
  unitTest: 'test/hostile/start-stop.test.ts',
}
