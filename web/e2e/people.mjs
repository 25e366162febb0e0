/** An administrator makes a user in the page; the user signs in by password, stays in, signs out, is shut out. */
import assert from "node:assert/strict";
import { accessible, BASE, collectionOf, enter, KEY, onStage, shot, until } from "./stage.mjs";

const COLLECTION = collectionOf("people");
const NAME = `zoë ${process.pid}`;
const PASSWORD = "correct horse battery";
const OWN = "battery horse correct";
const RENEWED = "staple correct horse";

export default async () => {
  assert.ok(KEY, "this story is of a server with keys");
  await onStage(COLLECTION, async (admin) => {
    await enter(admin, "#/admin/users");
    await made(admin);
    await onStage(COLLECTION, (page) => signedIn(page));
    await shutOut(admin);
    await onStage(
      COLLECTION,
      async (page) => {
        await page.goto(`${BASE}/`);
        await byPassword(page, PASSWORD);
        await page.getByRole("alert").getByText("El nombre o la contraseña no son correctos").waitFor();
      },
      { locale: "es-ES" },
    );
    await removed(admin);
  });
};

async function made(page) {
  await page.getByRole("button", { name: "New user" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill(NAME);
  await dialog.getByLabel("Password").fill(PASSWORD);
  await dialog.getByLabel("Role").selectOption("editor");
  await dialog.getByLabel("Only in these collections").fill(`${COLLECTION}, team-a-*`);
  await accessible(page, "new user");
  await shot(page, "new-user");
  await dialog.getByRole("button", { name: "Create the user" }).click();
  const row = rowOf(page);
  await row.getByText(`${COLLECTION}, team-a-*`).waitFor();
  // The same name again is refused in plain words.
  await page.getByRole("button", { name: "New user" }).click();
  await dialog.getByLabel("Name").fill(NAME.toUpperCase());
  await dialog.getByLabel("Password").fill(PASSWORD);
  await dialog.getByRole("button", { name: "Create the user" }).click();
  await dialog.getByRole("alert").getByText("There is a user of this name already.").waitFor();
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await accessible(page, "users");
  await shot(page, "users");
}

const rowOf = (page) => page.getByRole("row", { name: new RegExp(`^${NAME}`) });

async function byPassword(page, password) {
  await page.locator("input[name=username]").fill(NAME);
  await page.locator("input[name=password]").fill(password);
  await page.keyboard.press("Enter");
}

async function signedIn(page) {
  await page.goto(`${BASE}/`);
  await byPassword(page, "not the password");
  await page.getByRole("alert").getByText("Name or password are wrong").waitFor();
  await accessible(page, "sign-in refused");
  await shot(page, "sign-in-refused");
  await byPassword(page, PASSWORD);
  await page.locator("[data-question]").waitFor();
  await page.getByText(NAME, { exact: true }).waitFor();
  assert.equal(await page.getByRole("link", { name: "Administration" }).count(), 0, "an editor");

  const first = await kept(page);
  await page.evaluate(() => {
    const found = JSON.parse(sessionStorage.getItem("docubot.credentials"));
    sessionStorage.setItem("docubot.credentials", JSON.stringify({ ...found, access: "over" }));
  });
  await page.reload(); // the access token is refused, and renewed
  await page.getByText(NAME, { exact: true }).waitFor();
  await until(async () => (await kept(page))?.refresh !== first.refresh, "new tokens");
  const secrets = [PASSWORD, first.access, first.refresh, (await kept(page)).refresh];
  const seen = await page.evaluate(() => JSON.stringify(localStorage) + location.href + document.cookie);
  for (const secret of secrets) assert.equal(seen.includes(secret), false, "a secret lies about");

  await changesOwn(page);
  const { refresh } = await kept(page);
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.locator("input[name=username]").waitFor();
  assert.equal(await kept(page), null);
  await until(async () => (await renewal(refresh)) === 400, "the server to end the session");
  await byPassword(page, OWN);
  await page.locator("[data-question]").waitFor();
}

async function changesOwn(page) {
  const { refresh } = await kept(page);
  await page.getByRole("button", { name: "Change my password" }).click();
  const dialog = page.getByRole("dialog");
  const save = dialog.getByRole("button", { name: "Save the password" });
  await dialog.getByLabel("Present password").fill("not the password");
  await dialog.getByLabel("New password").fill(OWN);
  await save.click();
  await dialog.getByRole("alert").getByText("not your present password").waitFor();
  await accessible(page, "own password");
  await shot(page, "own-password");
  await dialog.getByLabel("Present password").fill(PASSWORD);
  await save.click();
  await page.getByText("Your password is changed.").waitFor();
  assert.equal(await renewal(refresh), 400, "the session of before");
  await page.reload(); // this tab is still signed in
  await page.getByText(NAME, { exact: true }).waitFor();
}

const kept = (page) => page.evaluate(() => JSON.parse(sessionStorage.getItem("docubot.credentials")));

async function renewal(refresh) {
  const body = new URLSearchParams({ grant_type: "refresh_token", refresh_token: refresh });
  return (await fetch(`${BASE}/token`, { method: "POST", body })).status;
}

async function shutOut(page) {
  const act = async (what) => {
    await rowOf(page)
      .getByRole("button", { name: `Actions for ${NAME}` })
      .click();
    await page.getByRole("menuitem", { name: what }).click();
  };
  await act("Change the roles…");
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Another role" }).click();
  await dialog.getByLabel("Role", { exact: true }).nth(1).selectOption("reader");
  await dialog.getByLabel("Only in these collections").nth(1).fill("public");
  await accessible(page, "roles");
  await shot(page, "roles");
  await dialog.getByRole("button", { name: "Save the roles" }).click();
  await rowOf(page).getByText("reader").waitFor();
  await rowOf(page).getByText(`${COLLECTION}, team-a-*; public`).waitFor();
  await act("New password…");
  await page.getByRole("dialog").getByLabel("Password").fill(RENEWED);
  await page.getByRole("button", { name: "Save the password" }).click();
  await page.getByText("The password is changed").waitFor();
  await act("Disable");
  await rowOf(page).getByText("Disabled").waitFor();
  await accessible(page, "a disabled user");
  await act("Enable again");
  await rowOf(page).getByText("Disabled").waitFor({ state: "detached" });
}

async function removed(page) {
  await rowOf(page)
    .getByRole("button", { name: `Actions for ${NAME}` })
    .click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await rowOf(page).waitFor({ state: "detached" });
}
