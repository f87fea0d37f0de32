import type { Checkpoint, Page } from '../model/checkpoint'
import { heed } from '../outbox/read-at-server'
import type { Term } from '../outbox/term'
import type { PullAnswer, PullScope } from '../protocol/protocol'

/** What is asked for lies behind it. */
type Place = Pick<Checkpoint, 'value' | 'movedAt'>

/** Asks the server for pages. */
export class Asking {
  readonly #term: Term
  readonly #limitOf: (scope: PullScope) => number

  /** `limitOf`: how many rows a page of the scope may have. */
  constructor(term: Term, limitOf: (scope: PullScope) => number) {
    this.#term = term
    this.#limitOf = limitOf
  }

  /** What an answer says of the server counts at once: the page before it may not find room. */
  async ask(scope: PullScope, from: Place | undefined): Promise<PullAnswer> {
    const { origin, ours } = this.#term
    const asked = origin.setbacks
    const answer = await this.#fetch(scope, from)
    if (answer.kind === 'failed') heed(this.#term, answer)
    else if (ours()) origin.answeredWell(asked)
    return answer
  }

  /** The page behind `page`, after `pageDelay`: its checkpoint is not committed yet, but it will be before that one's. */
  async behind(page: Page, scope: PullScope, from: Place | undefined): Promise<PullAnswer> {
    const { settings, env, over } = this.#term
    if (settings.pageDelay > 0) await pause(env, settings.pageDelay, over)
    const value = page.checkpoint === undefined ? from?.value : page.checkpoint
    return this.ask(scope, { value, movedAt: env.now() })
  }

  async #fetch(scope: PullScope, from: Place | undefined): Promise<PullAnswer> {
    const { protocol, env, over, origin } = this.#term
    const call = {
      limit: this.#limitOf(scope),
      sinceMoved: env.now() - (from?.movedAt ?? 0),
      signal: over,
      mayAsk: () => origin.wait === 0,
    }
    try {
      return await protocol.pull(scope, from?.value, call)
    } catch (error) {
      env.report(error)
      return { kind: 'failed', reason: { code: 'user-code-failed', at: env.now() } }
    }
  }
}

/** Waits, but not beyond the end of the term (I12). */
function pause(env: Term['env'], ms: number, over: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const stop = () => {
      cancel()
      over.removeEventListener('abort', stop)
      resolve()
    }
    const cancel = env.timer(stop, ms)
    if (over.aborted) stop()
    else over.addEventListener('abort', stop)
  })
}
