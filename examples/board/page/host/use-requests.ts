import { useEffect, useState } from 'react'

export interface SeenRequest {
  readonly number: number
  /** ms. */
  readonly at: number
  readonly took: number
  readonly device: string | null
  readonly user: string | null
  readonly method: string
  readonly path: string
  readonly replayed: boolean
  readonly status: number
}

/** The last requests the server saw, newest first. */
export function useRequests(longest = 60, withPolls = false): readonly SeenRequest[] {
  const [requests, setRequests] = useState<readonly SeenRequest[]>([])
  useEffect(() => {
    const stream = new EventSource('/demo/log/stream')
    stream.onmessage = ({ data }) => {
      const request: SeenRequest = JSON.parse(data)
      if (withPolls || !isPoll(request)) setRequests((known) => [request, ...known].slice(0, longest))
    }
    return () => stream.close()
  }, [longest, withPolls])
  return requests
}

/** Both devices ask for news every two seconds: worth a line only where it goes wrong. */
function isPoll({ method, status }: SeenRequest): boolean {
  return method === 'GET' && status === 200
}
