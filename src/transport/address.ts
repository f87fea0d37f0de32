import { SyncError } from '../model/error'

/** Where requests may go: the origin of `baseUrl` and the paths under it, nowhere else. */
export interface Address {
  readonly origin: string
  /** Path of `baseUrl` without a slash at its end: empty, or `/v1`. */
  readonly prefix: string
  /**
   * The full address of a request. Must be called before credentials are attached: throws `bad-config` for anything
   * that leaves `baseUrl`, however it is written.
   */
  resolve(url: string): URL
}

const schemeOrHost = /^(?:[a-z][a-z0-9+.-]*:|\/\/)/i
const dotSegment = /^(?:\.|%2e){1,2}$/i
// biome-ignore lint/suspicious/noControlCharactersInRegex: the URL parser drops these silently, so they hide an address
const hiding = /[\u0000-\u0020\u007f\\#]|\p{Surrogate}/u
const localHosts = new Set(['localhost', '127.0.0.1', '[::1]'])

/**
 * @param location address of the page, for a `baseUrl` like `/api` or an empty one
 * @throws SyncError `bad-config`
 */
export function createAddress(baseUrl: string, location?: string): Address {
  const base = parseBase(baseUrl, location)
  const { origin } = base
  const prefix = withoutSlashes(base.pathname)

  function resolve(url: string): URL {
    if (hiding.test(url)) throw leaves('it holds a space, a backslash, a # or a control character')
    if (pathOf(url).split('/').some(isDotSegment)) throw leaves('it holds a "." or ".." segment')
    const target = parse(schemeOrHost.test(url) ? url : join(url), base)
    if (target.origin !== origin || target.username || target.password)
      throw leaves('it names another origin')
    if (target.pathname !== prefix && !target.pathname.startsWith(`${prefix}/`))
      throw leaves('it is outside the path of baseUrl')
    return target
  }

  function join(url: string): string {
    if (url === '' || url.startsWith('?')) return `${origin}${prefix}${url}`
    return `${origin}${prefix}/${url.startsWith('/') ? url.slice(1) : url}`
  }

  return { origin, prefix, resolve }
}

/** Not by an expression: it would look at each run of slashes once for each of them (S24). */
function withoutSlashes(path: string): string {
  let end = path.length
  while (path[end - 1] === '/') end--
  return path.slice(0, end)
}

/** The path an address text begins with: without scheme, host and query. */
export function pathOf(url: string): string {
  const end = url.indexOf('?')
  return (end < 0 ? url : url.slice(0, end)).replace(/^(?:[a-z][a-z0-9+.-]*:)?\/\/[^/]*/i, '')
}

/** True for `.` and `..`, also when percent-encoded: the URL parser takes both for a step. */
export function isDotSegment(segment: string): boolean {
  return dotSegment.test(segment)
}

function parseBase(baseUrl: string, location: string | undefined): URL {
  if (baseUrl.includes('?') || baseUrl.includes('#'))
    throw new SyncError('bad-config', { what: 'baseUrl must hold no query and no #' })
  if (hiding.test(baseUrl))
    throw new SyncError('bad-config', { what: 'baseUrl holds a space, a backslash or a control character' })
  const base = parseAgainst(baseUrl, location)
  if (!base)
    throw new SyncError('bad-config', {
      what: location === undefined ? 'baseUrl must be a full address here' : 'baseUrl is no address',
    })
  if (base.protocol !== 'https:' && base.protocol !== 'http:')
    throw new SyncError('bad-config', { what: 'baseUrl must begin with https://' })
  if (base.protocol === 'http:' && !localHosts.has(base.hostname))
    throw new SyncError('bad-config', {
      what: 'baseUrl must begin with https:// (http is for localhost only)',
    })
  if (base.username || base.password)
    throw new SyncError('bad-config', { what: 'baseUrl must hold no user or password; use auth.getHeaders' })
  return base
}

function parseAgainst(url: string, against: string | undefined): URL | undefined {
  try {
    return against === undefined ? new URL(url) : new URL(url === '' ? '/' : url, against)
  } catch {
    // Not an address: said by the caller, with the option's name.
    return undefined
  }
}

function parse(url: string, base: URL): URL {
  const target = parseAgainst(url, base.href)
  if (!target) throw leaves('it is no address')
  return target
}

function leaves(why: string): SyncError {
  return new SyncError('bad-config', { what: `the address of a request leaves baseUrl: ${why}` })
}
