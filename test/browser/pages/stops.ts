/** A place in the life of the page at which it stands still for ever, to be killed there. */
export type Stop = {
  /** Tables the read-write transaction is over. */
  readonly over: readonly string[]
  /** No other tables than these. */
  readonly only?: true
  /** Counted from 1 over the places that fit. Default 1. */
  readonly nth?: number
} & (
  | {
      /** Before the transaction is begun, or just after it was committed. */
      readonly at: 'begin' | 'commit'
      /** Committed: it has written this table, or has not. */
      readonly wrote?: string
      readonly spared?: string
    }
  | {
      /** Before a write of the first such transaction; or when one of its reads of this table has its answer. */
      readonly at: 'write' | 'read'
      readonly table?: string
    }
  | {
      /** While tables are added to the database, this one being there and not committed. */
      readonly at: 'create'
      readonly table: string
    }
)

/** What the page says from where it stands. */
export interface Stopped {
  readonly stop: Stop
  /** Tables the transaction had written, in order, one for each row. */
  readonly written: readonly string[]
  /** What a read had answered. */
  readonly answer?: unknown
  /** Bodies of answers the page had read to their end. */
  readonly bodies: readonly string[]
}

let armed: Stop | undefined
let passed = 0
const bodies: string[] = []
const writes = new WeakMap<IDBTransaction, string[]>()

/** The next place that fits is the end. */
export function stopAt(stop: Stop): void {
  armed = stop
  passed = 0
}

/** Stands still now: a request that is never answered, and that the page waits for without doing anything else. */
export function standStill(written: readonly string[] = [], answer?: unknown): void {
  const stop = armed ?? { at: 'begin', over: [] }
  armed = undefined
  const stopped: Stopped = { stop, written, answer, bodies }
  const request = new XMLHttpRequest()
  request.open('POST', '/lab/stopped', false)
  request.send(JSON.stringify(stopped))
}

function isOver(stop: Stop, { objectStoreNames: names }: Pick<IDBTransaction, 'objectStoreNames'>): boolean {
  return stop.over.every((name) => names.contains(name)) && (!stop.only || names.length === stop.over.length)
}

function reach(stop: Stop, written?: readonly string[], answer?: unknown): void {
  passed += 1
  if (passed === (stop.nth ?? 1)) standStill(written, answer)
}

function begun(names: string | Iterable<string>): void {
  const scope = typeof names === 'string' ? [names] : [...names]
  const list = { length: scope.length, contains: (name: string) => scope.includes(name) }
  if (armed?.at === 'begin' && isOver(armed, { objectStoreNames: list as DOMStringList })) reach(armed)
}

function committed(transaction: IDBTransaction): void {
  const written = writes.get(transaction) ?? []
  if (armed?.at !== 'commit' || !isOver(armed, transaction)) return
  if (armed.wrote !== undefined && !written.includes(armed.wrote)) return
  if (armed.spared === undefined || !written.includes(armed.spared)) reach(armed, written)
}

function written({ name, transaction }: IDBObjectStore): void {
  const before = writes.get(transaction)
  if (!before) return
  if (armed?.at === 'write' && isOver(armed, transaction) && (armed.table ?? name) === name)
    reach(armed, before)
  before.push(name)
}

function read({ name, transaction }: IDBObjectStore, answer: unknown): void {
  if (armed?.at !== 'read' || (armed.table ?? name) !== name || !isOver(armed, transaction)) return
  reach(armed, writes.get(transaction), answer)
}

const { transaction } = IDBDatabase.prototype
IDBDatabase.prototype.transaction = function (names, mode, options) {
  if (mode === 'readwrite') begun(names)
  const made = transaction.call(this, names, mode, options)
  if (mode === 'readwrite') {
    writes.set(made, [])
    made.addEventListener('complete', () => committed(made))
  }
  return made
}

const { createObjectStore } = IDBDatabase.prototype
IDBDatabase.prototype.createObjectStore = function (name, options) {
  const made = createObjectStore.call(this, name, options)
  if (armed?.at === 'create' && armed.table === name) reach(armed)
  return made
}

for (const name of ['put', 'add', 'delete'] as const) {
  const native = IDBObjectStore.prototype[name] as (...parts: unknown[]) => IDBRequest
  IDBObjectStore.prototype[name] = function (this: IDBObjectStore, ...parts: unknown[]) {
    written(this)
    return native.apply(this, parts)
  } as never
}

for (const name of ['get', 'getAll'] as const) {
  const native = IDBObjectStore.prototype[name] as (...parts: unknown[]) => IDBRequest
  IDBObjectStore.prototype[name] = function (this: IDBObjectStore, ...parts: unknown[]) {
    const request = native.apply(this, parts)
    request.addEventListener('success', () => read(this, request.result))
    return request
  } as never
}

const decoder = new TextDecoder()
const { read: readChunk } = ReadableStreamDefaultReader.prototype
const started = new WeakMap<ReadableStreamDefaultReader, string>()
ReadableStreamDefaultReader.prototype.read = async function () {
  const chunk = await readChunk.call(this)
  if (chunk.done) bodies.push(started.get(this) ?? '')
  else started.set(this, (started.get(this) ?? '') + decoder.decode(chunk.value))
  return chunk
}
