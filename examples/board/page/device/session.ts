export interface User {
  readonly name: 'ada' | 'jonas'
  readonly title: string
  /** Colour of the avatar, degrees. */
  readonly hue: number
}

/** Who can log in here. Without a password: this is a demonstration. */
export const users: readonly User[] = [
  { name: 'ada', title: 'Ada Moreau', hue: 262 },
  { name: 'jonas', title: 'Jonas Weber', hue: 198 },
]

/** Who is logged in on one device, as a store for React. */
export interface Session {
  user(): User | undefined
  logIn(user: User): void
  logOut(): void
  subscribe(changed: () => void): () => void
}

/** At first device A is Ada's and device B is Jonas's. What is chosen is kept over reloads, for all tabs of a device. */
export function openSession(device: string): Session {
  const kept = `board-${device}-user`
  const listeners = new Set<() => void>()
  let current = read()

  function read(): User | undefined {
    const name = localStorage.getItem(kept) ?? (device === 'b' ? 'jonas' : 'ada')
    return users.find((user) => user.name === name)
  }
  function write(name: string): void {
    localStorage.setItem(kept, name)
    changed()
  }
  function changed(): void {
    current = read()
    for (const listener of listeners) listener()
  }
  window.addEventListener('storage', ({ key }) => {
    if (key === kept) changed()
  })

  return {
    user: () => current,
    logIn: ({ name }) => write(name),
    logOut: () => write(''),
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
