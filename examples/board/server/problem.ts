import type { ErrorRequestHandler } from 'express'

/** A refusal in the words of RFC 9457: answered as `application/problem+json`. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly type: string,
    readonly title: string,
    override readonly message: string,
    /** Members beside the standard ones, such as `errors` or `current`. */
    readonly more: Readonly<Record<string, unknown>> = {},
    /** When to ask again, seconds. */
    readonly retryAfter?: number,
  ) {
    super(message)
  }

  toJSON(): Record<string, unknown> {
    return {
      type: `/problems/${this.type}`,
      title: this.title,
      status: this.status,
      detail: this.message,
      ...this.more,
    }
  }
}

/** What is wrong with one field of a row. */
export interface FieldError {
  readonly field: string
  readonly detail: string
}

/** 422: the row will never be taken as it is; names every field that is wrong. */
export function invalidRow(errors: readonly FieldError[]): Problem {
  const detail = errors.map((error) => `${error.field}: ${error.detail}`).join('; ')
  return new Problem(422, 'invalid-row', 'The row was refused', detail, { errors })
}

/** 400: the request itself makes no sense. */
export function badRequest(detail: string): Problem {
  return new Problem(400, 'bad-request', 'The request was not understood', detail)
}

/** The last handler of an application: every error leaves as a problem, unexpected ones as a 500 without details. */
export function answerProblems(unexpected: (error: unknown) => void): ErrorRequestHandler {
  // Express knows an error handler by its four parameters.
  return (error, _request, response, _next) => {
    const problem = asProblem(error)
    if (problem !== error && problem.status >= 500) unexpected(error)
    if (response.headersSent) {
      response.destroy()
      return
    }
    if (problem.retryAfter !== undefined) response.set('Retry-After', String(problem.retryAfter))
    response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem))
  }
}

function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  const status = error instanceof Error && 'status' in error ? Number(error.status) : 500
  // The body parser names what the client did wrong: broken JSON, an unknown charset, a body too large.
  if (status >= 400 && status < 500) {
    return new Problem(status, 'bad-request', 'The request was not understood', (error as Error).message)
  }
  return new Problem(500, 'failed', 'The server failed', 'See the log of the server.')
}
