import { useCallback, useEffect, useState } from 'react'

export interface Weather {
  /** ms. */
  readonly slow: number
  readonly failing: boolean
  readonly losing: boolean
}

const fair: Weather = { slow: 0, failing: false, losing: false }

/** What the server suffers from, and how to change it. */
export function useWeather(): readonly [Weather, (changes: Partial<Weather>) => Promise<void>] {
  const [weather, setWeather] = useState(fair)
  useEffect(() => {
    const leaving = new AbortController()
    fetch('/demo/weather', { signal: leaving.signal })
      .then((response) => response.json())
      .then(setWeather)
      .catch((error) => {
        if (!leaving.signal.aborted) console.error(error)
      })
    return () => leaving.abort()
  }, [])
  const change = useCallback(async (changes: Partial<Weather>) => {
    const response = await fetch('/demo/weather', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(changes),
    })
    setWeather(await response.json())
  }, [])
  return [weather, change]
}
