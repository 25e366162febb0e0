/** The page is served by another origin than the API, which lets it in by CORS_ORIGINS. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import path from "node:path";
import { answered, ask, BASE, collectionOf, onStage, required, sample, until } from "./stage.mjs";

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };

export default async () => {
  const built = required("DOCUBOT_BUILT_PAGE");
  const origin = new URL(required("DOCUBOT_OTHER_ORIGIN"));
  const server = createServer(async (request, response) => {
    const name = request.url === "/" ? "/index.html" : request.url;
    const body = await readFile(path.join(built, path.normalize(name))).catch(() => null);
    const type = TYPES[path.extname(name)] ?? "application/octet-stream";
    response.writeHead(body ? 200 : 404, { "Content-Type": type });
    response.end(name === "/index.html" ? String(body).replace('content=""', `content="${BASE}"`) : body);
  });
  await new Promise((resolve) => server.listen(Number(origin.port), origin.hostname, resolve));
  try {
    await onStage(collectionOf("elsewhere"), (page) => story(page, origin.href));
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
};

async function story(page, address) {
  await page.goto(`${address}#/documents`);
  await page.setInputFiles("[data-files]", sample("aurora-annual-report-2025"));
  await until(
    async () => (await page.locator('[data-tone="good"]').count()) === 1,
    "the document to be ready",
  );
  await page.goto(`${address}#/ask`);
  await ask(page, "What did Aurora spend on research and development in 2024?");
  const turn = await answered(page);
  await turn
    .getByRole("button", { name: /^Source 1/ })
    .first()
    .click();
  await page.locator("[data-evidence] img[data-loaded]").waitFor();
  assert.ok(page.url().startsWith(address));
}
