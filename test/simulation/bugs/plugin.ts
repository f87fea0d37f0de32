import type { Plugin } from 'vite'
import { type Patch, patched } from './bug'

/** Puts patches into the source as it is loaded; `patches` is asked for each file anew. */
export function plantPatches(patches: () => readonly Patch[]): Plugin {
  return {
    name: 'planted-bug',
    enforce: 'pre',
    transform(code, id) {
      const ours = patches().filter(({ file }) => id.endsWith(`/${file}`))
      return ours.length > 0 ? { code: patched(code, ours), map: null } : undefined
    },
  }
}
