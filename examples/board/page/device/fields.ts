import { columns, type Person } from './board'

/** A row of either table, or none: it was deleted. */
export type AnyRow = Readonly<Record<string, unknown>> | null | undefined

/** The fields a person knows, in the order they are shown. */
const titles: Readonly<Record<string, string>> = {
  title: 'Title',
  name: 'Name',
  notes: 'Notes',
  column: 'Column',
  assignee: 'Who',
  votes: 'Votes',
}

export function fieldTitle(field: string): string {
  return titles[field] ?? field
}

/** What a person calls a row. */
export function rowTitle(...versions: readonly AnyRow[]): string {
  const row = versions.find((version) => version)
  return String(row?.title ?? row?.name ?? 'A row')
}

/** The fields in which two versions of a row differ. */
export function differing(one: AnyRow, other: AnyRow): string[] {
  return Object.keys(titles).filter((field) => one?.[field] !== other?.[field])
}

/** The fields either version has. */
export function fieldsOf(...versions: readonly AnyRow[]): string[] {
  return Object.keys(titles).filter((field) => versions.some((row) => row && field in row))
}

/** A value as a person reads it. */
export function showValue(field: string, value: unknown, people: readonly Person[]): string {
  if (field === 'assignee') return people.find(({ id }) => id === value)?.name ?? 'Nobody'
  if (field === 'column') return columns.find(({ name }) => name === value)?.title ?? '–'
  return value === undefined || value === null || value === '' ? '–' : String(value)
}
