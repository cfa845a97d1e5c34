import { defineConfig } from 'vitest/config'
import { ahead, clean, packed, told } from './build/dist'

// Where `npm run dev` finds the program.
const server = process.env['VUNGLOM_SERVER'] ?? 'http://127.0.0.1:8080'

export default defineConfig({
  build: {
    outDir: 'dist',
    emptyOutDir: false, // unbuilt.html stays; clean() removes the rest
    cssCodeSplit: false,
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 2000, // MapLibre; packed() watches what is ours
    modulePreload: { polyfill: false },
    rollupOptions: { output: { manualChunks: (id) => (id.includes('/maplibre-gl/') ? 'maplibre' : undefined) } },
  },
  plugins: [clean(), ahead(), packed(), told()],
  server: { proxy: Object.fromEntries(['/graphql', '/tiles', '/export', '/app.json', '/graphiql'].map((path) => [path, server])) },
  test: { environment: 'jsdom', include: ['src/**/*.test.{ts,tsx}'] },
})
