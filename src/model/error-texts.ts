import { appErrors } from './error-texts-app'
import { serverErrors } from './error-texts-server'

export type { SyncErrorType } from './error-text'

/** Every stable error code with its message, likely cause and fix. */
export const errorTexts = { ...appErrors, ...serverErrors }

export type SyncErrorCode = keyof typeof errorTexts
