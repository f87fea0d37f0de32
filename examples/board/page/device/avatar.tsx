import type { CSSProperties } from 'react'
import type { Person } from './board'

export function Avatar({ person }: { readonly person: Pick<Person, 'name' | 'hue'> | undefined }) {
  if (!person) return <span className="avatar avatar-nobody" aria-hidden="true" />
  return (
    <span className="avatar" style={{ '--hue': person.hue } as CSSProperties} aria-hidden="true">
      {initials(person.name)}
    </span>
  )
}

function initials(name: string): string {
  const words = name.trim().split(/\s+/)
  return [words[0], words.length > 1 ? words.at(-1) : undefined]
    .map((word) => word?.[0]?.toUpperCase() ?? '')
    .join('')
}
