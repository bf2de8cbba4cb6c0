// Builds the console into the package: one readable file of each kind, with names that stay, so that changes can be reviewed.

import { defineConfig } from "vite";

const api = process.env.API ?? "http://localhost:3001";

export default defineConfig({
  base: "./",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir: "../src/output/api/console",
    emptyOutDir: true,
    target: "es2023",
    minify: false,
    cssMinify: false,
    cssCodeSplit: false,
    modulePreload: false,
    reportCompressedSize: false,
    license: { fileName: "licences.md" },
    rolldownOptions: {
      input: "src/main.tsx",
      output: { entryFileNames: "app.js", assetFileNames: "style.css", codeSplitting: false },
    },
  },
  // `make console-dev`: sources as they are, data from the API that `output dev` serves.
  server: { host: "127.0.0.1", port: 5173, proxy: { "^/(workflow|schedules|openapi.json|ready)": api } },
});
