import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { findChromium } from '../test/support/chromium'

/** Makes sure there is a Chromium for the browser tests; says what to do where it cannot install one. */
export function setUp(): boolean {
  if (findChromium()) return true
  const isRoot = process.getuid?.() === 0
  if (isRoot && existsSync('/etc/debian_version')) {
    console.log('No Chromium found: installing it with apt-get.')
    if (run('apt-get', 'update') && run('apt-get', 'install', '-y', 'chromium') && findChromium()) return true
  }
  console.error(
    'The browser tests need Chromium. Install it with one of\n\n' +
      '  sudo apt-get update && sudo apt-get install -y chromium\n' +
      '  npx playwright install --with-deps chromium\n\n' +
      'or name one: CHROMIUM_PATH=/path/to/chromium npm test',
  )
  return false
}

function run(command: string, ...args: string[]): boolean {
  return spawnSync(command, args, { stdio: 'inherit' }).status === 0
}
