import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

/** The calls that the API takes; everything else under `npm run dev` is the page's own. */
const API =
  "^/(upload|documents|collections|jobs|ask|search|conversations|messages|health|translate|detect|languages|glossaries|keys|users|roles|token|auth|me|admin|audit)(/|$|\\?)";
const SERVER = "http://127.0.0.1:8000";

export default defineConfig({
  plugins: [react()],
  // Relative, so that the page can also be served from below another site's root.
  base: "./",
  // The browsers that know all that the styles use, so that `:dir()` and `light-dark()` stay as they are written.
  build: {
    cssTarget: ["chrome123", "firefox128", "safari17.5"],
    target: "es2023",
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
  server: { proxy: { [API]: { target: SERVER } } },
  test: { environment: "node", include: ["src/**/*.test.{ts,tsx}"] },
});
