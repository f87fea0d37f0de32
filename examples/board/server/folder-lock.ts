import { randomUUID } from 'node:crypto'
import { link, readFile, rename, unlink, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'

interface Holder {
  readonly pid: number
  /** When that process began, in the system's own count; tells a process from a later one with the same number. */
  readonly began?: string
  readonly token: string
}

/** Tokens of the locks this process holds: a file with our own number that is not among them is from an earlier life. */
const held = new Set<string>()

/**
 * Takes the file `<folder>.lock`, so that one process uses the folder. A lock whose process is gone is taken over.
 * @returns what gives it back.
 * @throws when a living process holds it.
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const file = `${resolve(folder)}.lock`
  const began = await beginOf(process.pid)
  const mine: Holder = { pid: process.pid, token: randomUUID(), ...(began === undefined ? {} : { began }) }
  const draft = `${file}.${mine.token}`
  // Linking a finished file is atomic, so nobody ever reads a lock that is half written.
  await writeFile(draft, JSON.stringify(mine))
  try {
    while (!(await tryLink(draft, file))) await removeStale(file)
  } finally {
    await unlink(draft)
  }
  held.add(mine.token)
  return async () => {
    held.delete(mine.token)
    await unlink(file)
  }
}

async function tryLink(draft: string, file: string): Promise<boolean> {
  try {
    await link(draft, file)
    return true
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false
    throw error
  }
}

async function removeStale(file: string): Promise<void> {
  const holder = await readHolder(file)
  if (!holder) return // given back meanwhile
  if (await isAlive(holder)) {
    throw new Error(
      `Another board (process ${holder.pid}) uses this folder. Stop it first, or choose another folder with ` +
        `BOARD_DATA. If process ${holder.pid} is no board, delete ${file}`,
    )
  }
  const aside = `${file}.stale-${randomUUID()}`
  try {
    await rename(file, aside)
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return // another process removed it first
    throw error
  }
  const taken = await readHolder(aside)
  // Two that find the same stale lock may follow each other: what was moved can be the first one's fresh lock.
  if (taken && taken.token !== holder.token) await tryLink(aside, file)
  await unlink(aside)
}

async function readHolder(file: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Holder
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw new Error(`The lock ${file} cannot be read. If no board runs, delete it`, { cause: error })
  }
}

async function isAlive(holder: Holder): Promise<boolean> {
  if (holder.pid === process.pid) return held.has(holder.token)
  try {
    process.kill(holder.pid, 0)
  } catch (error) {
    return hasCode(error, 'EPERM') // there, but not ours to signal
  }
  const began = await beginOf(holder.pid)
  return began === undefined || holder.began === undefined || began === holder.began
}

/** When a process began (Linux; undefined elsewhere). */
async function beginOf(pid: number): Promise<string | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
    // The name in brackets may hold spaces; the 20th field behind it is the start.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  } catch {
    return undefined // no /proc here: the number alone has to do
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
