import { Switch } from '../controls/switch'
import { RequestList } from './request-list'
import { useWeather } from './use-weather'

/** How slow "slow" is, ms. */
const slowness = 1500

export function ServerPanel() {
  const [weather, change] = useWeather()
  return (
    <section className="server" aria-labelledby="server-title">
      <header className="server-header">
        <h2 id="server-title">Server</h2>
        <button
          type="button"
          className="button"
          onClick={() => void fetch('/demo/reset', { method: 'POST' })}
        >
          Reset board
        </button>
      </header>
      <fieldset className="weather">
        <legend className="hidden">What the server suffers from</legend>
        <Switch
          label="Slow answers"
          hint="Every answer takes 1.5 seconds longer"
          on={weather.slow > 0}
          onChange={(on) => void change({ slow: on ? slowness : 0 })}
        />
        <Switch
          label="Server down"
          hint="Every request is answered 503"
          on={weather.failing}
          onChange={(failing) => void change({ failing })}
        />
        <Switch
          label="Lose answers"
          hint="Every write is done, but its first answer gets lost"
          on={weather.losing}
          onChange={(losing) => void change({ losing })}
        />
      </fieldset>
      <RequestList />
    </section>
  )
}
