import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * Listens on `port`; without one on the first free port from `first`, and if twenty are taken on any.
 * @returns the port.
 */
export async function listen(server: Server, host: string, port?: number, first = 5173): Promise<number> {
  const choices = port === undefined ? [...Array.from({ length: 20 }, (_, step) => first + step), 0] : [port]
  for (const choice of choices) {
    const taken = await tryPort(server, host, choice)
    if (!taken) return (server.address() as AddressInfo).port
    if (choice === choices.at(-1)) throw taken
  }
  throw new Error('no port to listen on')
}

function tryPort(server: Server, host: string, port: number): Promise<Error | undefined> {
  return new Promise((settle, fail) => {
    const failed = (error: NodeJS.ErrnoException) => {
      server.off('listening', listening)
      if (error.code === 'EADDRINUSE') settle(error)
      else fail(error)
    }
    const listening = () => {
      server.off('error', failed)
      settle(undefined)
    }
    server.once('error', failed)
    server.once('listening', listening)
    server.listen(port, host)
  })
}
