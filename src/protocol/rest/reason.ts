import type { SyncErrorCode } from '../../model/error'
import type { Reason } from '../../model/outcome'
import type { HttpAnswer } from '../../transport/answer'
import { serverMessage } from '../../transport/server-message'

/** Why a request did not go through, in the server's words unless `message` gives ours; false = without words. */
export function reasonFor(
  code: SyncErrorCode,
  answer: HttpAnswer,
  at: number,
  message?: string | false,
): Reason {
  const text = message === false ? undefined : (message ?? textOf(answer))
  return {
    code,
    ...('status' in answer ? { status: answer.status } : {}),
    ...(text === undefined ? {} : { message: text }),
    at,
  }
}

function textOf(answer: HttpAnswer): string | undefined {
  if (answer.kind === 'unsendable') return answer.error.message
  // What a 2xx says is data, not a reason.
  return answer.kind === 'answered' && answer.status >= 300 ? serverMessage(answer.body) : undefined
}
