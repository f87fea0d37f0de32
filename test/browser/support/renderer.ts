import type { Page } from 'playwright'

interface TraceEvent {
  readonly name?: string
  readonly args?: { readonly data?: { readonly frames?: readonly { readonly processId?: number }[] } }
}

/** The process a page runs in, as the browser names it at the beginning of a trace. */
async function processOf(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page)
  const events: TraceEvent[] = []
  session.on('Tracing.dataCollected', ({ value }) => void events.push(...(value as TraceEvent[])))
  const ended = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve))
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: ['disabled-by-default-devtools.timeline'] },
  })
  await session.send('Tracing.end')
  await ended
  await session.detach()
  const begun = events.find(({ name }) => name === 'TracingStartedInBrowser')
  const id = begun?.args?.data?.frames?.[0]?.processId
  if (id === undefined) throw new Error('The trace names no process')
  return id
}

/** Lets the process of a page stand still, as a system under pressure does. The pages beside it must go on. */
export async function standStill(page: Page, ...beside: Page[]): Promise<{ goOn(): void }> {
  const id = await processOf(page)
  for (const other of beside)
    if ((await processOf(other)) === id) throw new Error('One process for two pages')
  process.kill(id, 'SIGSTOP')
  return { goOn: () => void process.kill(id, 'SIGCONT') }
}
