import { useSyncExternalStore } from 'react'
import type { Activity } from './activity'

export function ActivityList({ activity }: { readonly activity: Activity }) {
  const happenings = useSyncExternalStore(activity.subscribe, activity.getSnapshot)
  return (
    <section className="activity" aria-label="What sync did">
      {happenings.length === 0 && <p className="activity-none">Nothing happened yet.</p>}
      <ol>
        {happenings.map(({ number, at, tone, text }) => (
          <li key={number} data-tone={tone} title={text}>
            <time>{new Date(at).toLocaleTimeString([], { hour12: false })}</time>
            {text}
          </li>
        ))}
      </ol>
    </section>
  )
}
