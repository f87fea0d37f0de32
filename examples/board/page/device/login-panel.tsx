import { useLiveQuery } from 'dexie-react-hooks'
import { Avatar } from './avatar'
import { logIn } from './login'
import { users } from './session'
import { useDevice } from './use-board'

/** What a device shows while nobody is logged in. */
export function LoginPanel() {
  const device = useDevice()
  const { db } = device
  const rows = useLiveQuery(async () => (await db.cards.count()) + (await db.people.count()), [db])
  return (
    <section className="login" aria-labelledby="login-title">
      <h2 id="login-title">Nobody is logged in</h2>
      <p>{rows === 1 ? '1 row' : `${rows ?? 'No'} rows`} in this device’s database</p>
      <ul>
        {users.map((user) => (
          <li key={user.name}>
            <button type="button" className="way login-way" onClick={() => void logIn(device, user)}>
              <Avatar person={{ name: user.title, hue: user.hue }} />
              <b>Log in as {user.title}</b>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
