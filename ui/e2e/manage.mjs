import { inspect } from "./inspect.mjs";
import { dialog, go, toast } from "./people.mjs";
import { check, equal, promise } from "./report.mjs";

export async function manage({ ada }) {
  const { page } = ada;

  await go(page, "Models");
  await page.getByRole("button", { name: "Check" }).first().waitFor();
  await promise("a provider is checked", async () => {
    await page.getByRole("button", { name: "Check" }).first().click();
    await page.getByText(/Works: \d+ models? offered/).waitFor();
  });
  await inspect(ada, "models");
  await promise("a provider is added and removed", async () => {
    await page.getByRole("button", { name: "Add provider" }).click();
    await dialog(page).getByLabel("Name").fill("second-opinion");
    await dialog(page).getByLabel("API key").fill("sk-test-0123456789");
    await dialog(page).getByLabel("Models").fill("opinion-1\nopinion-2");
  });
  await inspect(ada, "provider dialog");
  await promise("the key is not shown again", async () => {
    await dialog(page).getByRole("button", { name: "Add provider" }).click();
    await page.getByRole("heading", { name: /second-opinion/ }).waitFor();
    check(!(await page.content()).includes("sk-test-0123456789"), "the key is in the page");
    await page.getByRole("button", { name: "Remove" }).last().click();
    await dialog(page).getByRole("button", { name: "Remove" }).click();
    await toast(page, "second-opinion is removed");
  });

  await go(page, "API keys");
  await page.getByText("No keys yet").waitFor();
  await inspect(ada, "keys, none yet");
  await promise("a key is made and its secret shown once", async () => {
    await page.getByRole("button", { name: "New key" }).first().click();
    await dialog(page).getByLabel("Name").fill("Nightly report");
    await dialog(page).getByLabel("Write").check();
    await dialog(page).getByLabel("Expires after").selectOption("30");
  });
  await inspect(ada, "key dialog");
  await promise("the secret can be copied, and is gone afterwards", async () => {
    await dialog(page).getByRole("button", { name: "Create" }).click();
    const secret = await dialog(page).getByLabel("Secret").inputValue();
    check(secret.length > 20, "no secret");
    await dialog(page).getByRole("button", { name: "Copy" }).click();
    equal(await page.evaluate(() => navigator.clipboard.readText()), secret, "clipboard");
    await dialog(page).getByRole("button", { name: "I have copied it" }).click();
    await page.getByRole("table", { name: "API keys" }).getByText("Nightly report").waitFor();
    check(!(await page.content()).includes(secret), "the secret is in the page");
  });
  await inspect(ada, "keys");
  await promise("a key is revoked", async () => {
    await page.getByRole("button", { name: "Revoke Nightly report" }).click();
    await dialog(page).getByRole("button", { name: "Revoke" }).click();
    await toast(page, "The key is revoked");
  });

  await go(page, "Audit");
  await promise("the audit tells what was done, and filters by action", async () => {
    const table = page.getByRole("table", { name: "Audit entries" });
    await table.waitFor();
    await page.getByRole("searchbox", { name: "Filter by action" }).fill("agents.create");
    await page.waitForURL(/action=agents\.create/);
    await table.getByText("agents.create").first().waitFor();
  });
  await inspect(ada, "audit");

  await go(page, "Settings");
  await promise("the workspace is renamed everywhere at once", async () => {
    await page.getByLabel("Name", { exact: true }).fill("Analytical Engines");
    await page.getByRole("button", { name: "Rename" }).click();
    await page.getByRole("button", { name: "Switch workspace: Analytical Engines" }).first().waitFor();
  });
  await inspect(ada, "settings");
}
