import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import manifest from "./package.json" with { type: "json" };

const server = process.env.PMOS_URL ?? "http://127.0.0.1:7667";

export default defineConfig({
  plugins: [react(), tailwindcss()],
  define: { __PMOS_UI_VERSION__: JSON.stringify(manifest.version) },
  build: {
    target: "es2023",
    // The page's policy allows no inline script, style or data: script, so nothing is inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
  },
  server: {
    port: 5173,
    proxy: {
      "/api": { target: server },
      "/healthz": { target: server },
      "^/w/[^/]+/socket$": { target: server.replace(/^http/, "ws"), ws: true },
    },
  },
  test: {
    environment: "jsdom",
    include: ["src/**/*.test.{ts,tsx}"],
    restoreMocks: true,
  },
});
