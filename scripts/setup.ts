import { setUp } from './set-up'

process.exitCode = setUp() ? 0 : 1
