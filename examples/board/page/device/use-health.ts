import type { Health } from 'dexie-rest-sync'
import { useEffect, useState } from 'react'
import { useDevice, useSyncStatus } from './use-board'

/** What is a matter of time shows without any event: looked at this often, ms. */
const interval = 3000

/** How sync is, looked at anew whenever its status changes. */
export function useHealth(): Health | undefined {
  const { sync } = useDevice()
  const status = useSyncStatus()
  const [health, setHealth] = useState<Health>()
  // biome-ignore lint/correctness/useExhaustiveDependencies: the status is why it is looked at again
  useEffect(() => {
    let left = false
    const look = async () => {
      const found = await sync.healthCheck()
      if (!left) setHealth(found)
    }
    void look()
    const timer = setInterval(() => void look(), interval)
    return () => {
      left = true
      clearInterval(timer)
    }
  }, [sync, status])
  return health
}
