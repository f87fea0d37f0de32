import type { Prng } from '../../simulation/prng'
import { drawOperation, type Operation } from './operations'
import { type TableName, tableNames } from './schema'

/** What an app does: calls one after the other, calls side by side, transactions of its own. */
export type Step =
  | { readonly kind: 'call'; readonly operation: Operation; readonly caught: boolean }
  | { readonly kind: 'side-by-side'; readonly operations: readonly Operation[] }
  | {
      readonly kind: 'transaction'
      readonly tables: readonly TableName[]
      readonly steps: readonly Step[]
      readonly end: 'commit' | 'throw' | 'abort'
      readonly caught: boolean
    }

/** A sequence of steps outside transactions. */
export function drawPlan(random: Prng): Step[] {
  return Array.from({ length: random.between(4, 10) }, () => {
    if (random.chance(0.5)) return drawTransaction(random, tableNames, 0)
    if (random.chance(0.35)) return drawImplicitGroup(random)
    return { kind: 'call', operation: drawOperation(random, random.chance(0.15)), caught: true } as const
  })
}

/** Side by side without a transaction, on one table: with several, the order of settling is the browser's to choose. */
function drawImplicitGroup(random: Prng): Step {
  const table = [random.pick(tableNames)]
  const operations: Operation[] = []
  for (let i = random.between(2, 5); i > 0; i--)
    operations.push(drawOperation(random, operations.at(-1)?.reads === false && random.chance(0.4), table))
  return { kind: 'side-by-side', operations }
}

function drawTransaction(random: Prng, among: readonly TableName[], depth: number): Step {
  const tables = random.chance(0.4) ? [random.pick(among)] : among
  const steps = Array.from({ length: random.between(1, 5) }, (): Step => {
    if (depth < 2 && random.chance(0.15)) return drawTransaction(random, tables, depth + 1)
    if (random.chance(0.4)) {
      const on = random.chance(0.6) ? [random.pick(tables)] : tables
      const operations = Array.from({ length: random.between(2, 6) }, () =>
        drawOperation(random, random.chance(0.3), on),
      )
      return { kind: 'side-by-side', operations }
    }
    return {
      kind: 'call',
      operation: drawOperation(random, random.chance(0.25), tables),
      caught: random.chance(0.85),
    }
  })
  const end = random.chance(0.8) ? 'commit' : random.pick(['throw', 'abort'] as const)
  return { kind: 'transaction', tables, steps, end, caught: depth > 0 && random.chance(0.5) }
}

/** The steps as text, for the message of a failure. */
export function planText(steps: readonly Step[], indent = ''): string {
  return steps.map((step) => stepText(step, indent)).join('\n')
}

function stepText(step: Step, indent: string): string {
  switch (step.kind) {
    case 'call':
      return `${indent}${step.operation.text}${step.caught ? '' : ' (not caught)'}`
    case 'side-by-side':
      return `${indent}side by side: ${step.operations.map(({ text }) => text).join(' | ')}`
    case 'transaction':
      return `${indent}transaction over ${step.tables}, then ${step.end}\n${planText(step.steps, `${indent}  `)}`
  }
}
