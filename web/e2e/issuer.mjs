/** Signing in at an OpenID Connect issuer, with the page as a public client; staying in, signing out, being refused. */
import assert from "node:assert/strict";
import { accessible, BASE, collectionOf, onStage, shot, until } from "./stage.mjs";

export default () =>
  onStage(collectionOf("issuer"), async (page) => {
    const addresses = [];
    page.on("request", (request) => addresses.push(request.url()));
    await page.goto(`${BASE}/#/documents`);
    await page.getByRole("button", { name: /^Sign in at 127\.0\.0\.1:/ }).click();
    await page.getByRole("link", { name: "Cancel" }).click();
    await page.getByRole("alert").getByText("did not let you in").waitFor();
    assert.equal(new URL(page.url()).hash, "#/documents", "the address is the one that was left");
    await accessible(page, "refused by the issuer");
    await shot(page, "issuer-refused");

    await signIn(page);
    await page.getByRole("heading", { name: "Documents", exact: true }).waitFor();
    assert.equal(page.url(), `${BASE}/#/documents`);
    await page.getByText("zoë", { exact: true }).waitFor();

    const first = await kept(page);
    await page.evaluate(() => {
      const found = JSON.parse(sessionStorage.getItem("docubot.credentials"));
      const [head, , signature] = found.access.split(".");
      const access = [head, btoa("{}"), signature].join(".");
      sessionStorage.setItem("docubot.credentials", JSON.stringify({ ...found, access }));
    });
    await page.reload(); // the access token is refused, and renewed at the issuer
    await page.getByText("zoë", { exact: true }).waitFor();
    await until(async () => (await kept(page))?.refresh !== first.refresh, "new tokens");
    const seen = await page.evaluate(() => JSON.stringify(localStorage) + location.href + document.cookie);
    const sent = addresses.filter((address) => address.startsWith(BASE)).join("\n");
    assert.doesNotMatch(sent, /code=|state=/, "the server sees no code");
    for (const secret of [first.access, first.refresh]) assert.equal(seen.includes(secret), false);

    await page.getByRole("button", { name: "Sign out" }).click();
    const [request] = await Promise.all([
      page.waitForRequest((one) => one.url().includes("/authorize?")),
      page.getByRole("button", { name: /^Sign in at/ }).click(),
    ]);
    assert.equal(new URL(request.url()).searchParams.get("prompt"), "login", "not the last one in silence");
  });

async function signIn(page) {
  await page.getByRole("button", { name: /^Sign in at/ }).click();
  await page.getByRole("link", { name: "Continue as zoë" }).click();
}

const kept = (page) => page.evaluate(() => JSON.parse(sessionStorage.getItem("docubot.credentials")));
