/** A request as the server sees it. */
export interface HttpRequest {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

export interface HttpAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** A list that its limit has not cut: there is no more. */
  readonly whole?: boolean
}

/** Takes a fetch request apart. Its body is read before anything is delivered: later the tab may be gone. */
export async function httpRequest(request: Request): Promise<HttpRequest> {
  const url = new URL(request.url)
  const body = await request.clone().text()
  return {
    method: request.method,
    path: url.pathname,
    query: url.searchParams,
    headers: Object.fromEntries(request.headers),
    ...(body !== '' && { body }),
  }
}

export function httpResponse({ status, headers, body }: HttpAnswer): Response {
  return new Response(body ?? null, { status, headers })
}

export function answer(status: number, value: unknown): HttpAnswer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) }
}

export function problem(status: number, message: string): HttpAnswer {
  return answer(status, { message })
}

export function html(status: number): HttpAnswer {
  return {
    status,
    headers: { 'content-type': 'text/html' },
    body: '<!doctype html><title>Welcome to our network</title>',
  }
}

/** How long an answer asks to be left alone, ms; undefined where it does not, or where the device's own clock decides. */
export function askedFor({ headers }: HttpAnswer): number | undefined {
  const { 'retry-after': after = '', date = '' } = headers
  if (/^\d+$/.test(after)) return Number(after) * 1_000
  const ms = Date.parse(after) - Date.parse(date)
  return ms > 0 ? ms : undefined
}
