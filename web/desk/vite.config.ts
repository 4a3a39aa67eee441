import { fileURLToPath, URL } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  plugins: [vue()],
  resolve: { alias: { '@api': at('../api'), '@ui': at('../ui'), '@': at('./src') } },
  // Host stays what the browser sees, because the server compares it with Origin.
  server: {
    port: 5173,
    proxy: { '/api': { target: process.env.SHOPBELL_URL ?? 'http://127.0.0.1:7070', ws: true, changeOrigin: false } },
    fs: { allow: [at('..')] },
  },
  build: { target: 'es2022', sourcemap: false, assetsInlineLimit: 0, chunkSizeWarningLimit: 400 },
  test: { environment: 'happy-dom', include: ['src/**/*.test.ts', '../ui/**/*.test.ts'] },
})
