import { defineConfig } from 'tsup'

const base = {
  entry: { index: 'src/index.ts' },
  target: 'es2022',
  platform: 'browser',
  sourcemap: true,
  splitting: true,
  clean: false,
  dts: true,
  // Left for the app's own bundler to decide: folded here, every app would be in development.
  define: { 'process.env.NODE_ENV': 'process.env.NODE_ENV' },
} as const

// ky and p-retry are ESM-only: inlined into the CommonJS build, external in the ESM one.
export default defineConfig([
  { ...base, format: 'esm' },
  { ...base, format: 'cjs', noExternal: ['ky', 'p-retry', 'is-network-error'] },
])
