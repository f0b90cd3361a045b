import { inspect } from "./inspect.mjs";
import { chooseInMenu, dialog, go, toast } from "./people.mjs";
import { equal, promise } from "./report.mjs";

export async function sessions({ ada }) {
  const { page } = ada;
  const table = page.getByRole("table", { name: "Sessions" });
  const actions = /^Actions for/;
  await go(page, "Sessions");
  await table.waitFor();
  await inspect(ada, "sessions");

  await promise("a session is renamed", async () => {
    await table.getByRole("button", { name: actions }).first().click();
    await page.getByRole("menuitem", { name: "Rename" }).click();
    await dialog(page).getByLabel("Name").fill("Launch plan");
    await dialog(page).getByRole("button", { name: "Rename" }).click();
    await table.getByRole("link", { name: "Launch plan" }).waitFor();
  });

  await promise("it is found by its name, and the search is in the address", async () => {
    await page.getByRole("searchbox", { name: "Search sessions" }).fill("Launch");
    await page.waitForURL(/q=Launch/);
    await page.reload();
    await table.getByRole("link", { name: "Launch plan" }).waitFor();
    await page.getByRole("searchbox", { name: "Search sessions" }).fill("nothing is called so");
    await page.getByText("Nothing found").waitFor();
    await page.getByRole("searchbox", { name: "Search sessions" }).fill("");
    await table.getByRole("link", { name: "Launch plan" }).waitFor();
  });

  await promise("it goes to the archive and comes back", async () => {
    await chooseInMenu(page, "Actions for Launch plan", "Archive");
    await toast(page, "Moved to the archive");
    await page.getByLabel("Show", { exact: true }).selectOption("archived");
    await table.getByRole("link", { name: "Launch plan" }).waitFor();
    await chooseInMenu(page, "Actions for Launch plan", "Take back from archive");
    await toast(page, "Back from the archive");
    await page.getByLabel("Show", { exact: true }).selectOption("active");
    await table.getByRole("link", { name: "Launch plan" }).waitFor();
  });

  await promise("one that is not needed is deleted", async () => {
    await go(page, "Chat");
    await page.getByRole("button", { name: "Introduce yourself" }).click();
    await page.getByRole("log").getByText("Introduce yourself").first().waitFor();
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.getByRole("main").getByRole("button", { name: actions }).click();
    await page.getByRole("menuitem", { name: "Delete" }).click();
    await dialog(page).getByRole("button", { name: "Delete" }).click();
    await page.getByRole("heading", { name: "What can I help with?" }).waitFor();
    await go(page, "Sessions");
    await table.getByRole("link", { name: "Launch plan" }).waitFor();
    equal(await table.getByRole("link", { name: "Introduce yourself" }).count(), 0, "deleted session in the list");
  });
}
