import { SERVER } from "./browser.mjs";
import { inspect } from "./inspect.mjs";
import { first, signUp } from "./people.mjs";
import { check, equal, promise } from "./report.mjs";

export async function firstStart({ ada, guest }) {
  const { page } = ada;

  await promise("without its code the first sign-up says what is missing", async () => {
    await guest.page.goto(SERVER);
    await guest.page.getByText("This server has no account yet").waitFor();
  });
  await inspect(guest, "sign-up without code");

  await promise("the code is taken from the fragment and disappears from the address", async () => {
    await page.goto(`${SERVER}/#bootstrap=${process.env.PMOS_BOOTSTRAP}`);
    await page.getByRole("heading", { name: "Set up PMOS" }).waitFor();
    equal(new URL(page.url()).hash, "", "fragment");
    equal(new URL(page.url()).search, "", "query string");
  });
  await inspect(ada, "sign-up");

  await promise("a short password is named at its field", async () => {
    await signUp(page, { ...first, password: "short" });
    const field = page.getByLabel("Password", { exact: true });
    await page.getByText("Use at least 15 characters").waitFor();
    equal(await field.getAttribute("aria-invalid"), "true", "aria-invalid");
  });
  await inspect(ada, "sign-up with errors");

  await promise("the first person signs up and arrives in a workspace", async () => {
    await signUp(page, first);
    await page.getByRole("heading", { name: "Hello, Ada" }).waitFor();
    check(/\/w\/[0-9a-f-]{36}/.test(page.url()), `address ${page.url()}`);
    await page.getByText("Connected").waitFor();
  });
  await inspect(ada, "overview");

  await promise("the skip link leads to the content, and a new screen takes the focus", async () => {
    await page.reload();
    await page.getByRole("heading", { name: "Hello, Ada" }).waitFor();
    await page.keyboard.press("Tab");
    equal(await page.evaluate(() => document.activeElement?.textContent), "Skip to the content", "first stop");
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Agents" }).click();
    await page.getByRole("heading", { name: "Agents", level: 1 }).waitFor();
    equal(await page.evaluate(() => document.activeElement?.id), "main", "focus");
  });

  await promise("the appearance is chosen and kept", async () => {
    await page.getByRole("button", { name: "Your account" }).click();
    await page.getByRole("menuitemradio", { name: "Dark" }).click();
    await page.reload();
    await page.getByRole("heading", { name: "Agents", level: 1 }).waitFor();
    equal(await page.evaluate(() => document.documentElement.dataset.theme), "dark", "theme after reload");
    await page.getByRole("button", { name: "Your account" }).click();
    await page.getByRole("menuitemradio", { name: "Light" }).click();
  });

  await promise("the palette goes anywhere by a few letters", async () => {
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox", { name: "Search or go to…" }).waitFor();
  });
  await inspect(ada, "palette");
  await promise("and follows the keyboard", async () => {
    await page.keyboard.type("audi");
    await page.getByRole("option", { name: "Audit" }).waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Audit", level: 1 }).waitFor();
  });

  await promise("an address that leads nowhere says so", async () => {
    await page.goto(`${SERVER}/nowhere`);
    await page.getByRole("heading", { name: "Not here" }).waitFor();
  });
  await inspect(ada, "not found");
}
