import type { Row } from '../../src/model/change'

type Id = number | string

export interface Committed {
  readonly table: string
  readonly id: Id
  readonly row: Row
  /** ms of the simulation, whatever the server's clock says. */
  readonly at: number
}

/** What the server has committed, in order: what replicas show late. */
export class ServerLog {
  private readonly commits: Committed[] = []

  add(committed: Committed): void {
    this.commits.push(committed)
  }

  /** True where something was committed later than `at`. */
  isBehind(table: string, at: number): boolean {
    return this.commits.some((one) => one.table === table && one.at > at)
  }

  /** The rows of a table as they were. */
  rowsAt(table: string, at: number): Row[] {
    const rows = new Map<Id, Row>()
    for (const one of this.commits) if (one.table === table && one.at <= at) rows.set(one.id, one.row)
    return [...rows.values()]
  }
}
