import { defineRoutes, resource } from '../../src/index'
import { blogRoutes } from './journey'

/** Notes whose edits tell the version they stand on, and leave without a look: the server is the one to say no. */
const notes = resource('/api/notes', { version: 'version', verify: 'none' })
export const versionedRoutes = defineRoutes({
  ...blogRoutes,
  notes: {
    ...notes,
    push: {
      ...(notes.push || {}),
      update: {
        method: 'PATCH',
        url: '/api/notes/:key',
        body: (_, { changes, base }) => ({ ...changes, version: base?.version }),
      },
      delete: {
        method: 'DELETE',
        url: '/api/notes/:key',
        body: (_, { base }) => ({ version: base?.version }),
      },
    },
  },
})
