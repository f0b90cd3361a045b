import { SERVER } from "./browser.mjs";
import { inspect } from "./inspect.mjs";
import { dialog, go } from "./people.mjs";
import { check, equal, promise } from "./report.mjs";

/** Nothing crosses between workspaces. */
export async function tenants({ ada }) {
  const { page } = ada;
  let sessionPath = "";
  let home = "";

  await promise("a second workspace is created and opens", async () => {
    await go(page, "Sessions");
    sessionPath = (await page.getByRole("link", { name: "Launch plan" }).getAttribute("href")) ?? "";
    home = new URL(page.url()).pathname.split("/")[2] ?? "";
    await page.getByRole("button", { name: /Switch workspace/ }).first().click();
    await page.getByRole("menuitem", { name: "All workspaces" }).click();
    await page.getByRole("heading", { name: "Workspaces" }).waitFor();
    await page.getByRole("button", { name: "New workspace" }).click();
    await dialog(page).getByLabel("Name").fill("Second client");
    await dialog(page).getByRole("button", { name: "Create" }).click();
    await page.getByRole("button", { name: "Switch workspace: Second client" }).first().waitFor();
    await page.getByText("Connected").waitFor();
  });

  await promise("it shows nothing of the first", async () => {
    for (const place of ["Overview", "Agents", "Sessions", "Chat", "Members", "API keys", "Audit"]) {
      await go(page, place);
      await page.locator("h1").first().waitFor();
      await page.waitForTimeout(300);
      const words = (await page.getByRole("main").textContent()) ?? "";
      for (const foreign of ["Scout", "Launch plan", "Grace", "Hello Scout"]) check(!words.includes(foreign), `${place} shows "${foreign}"`);
    }
  });
  await promise("a session of the first is not here", async () => {
    await go(page, "Overview");
    const second = new URL(page.url()).pathname.split("/")[2] ?? "";
    await ada.refused(async () => {
      await page.goto(SERVER + sessionPath.replace(home, second));
      await page.getByText("It does not exist, or you have no access to it.").waitFor();
    });
  });
  await inspect(ada, "session of another workspace");

  await promise("a foreign workspace looks like one that does not exist", async () => {
    await ada.refused(async () => {
      await page.goto(`${SERVER}/w/00000000-0000-4000-8000-000000000000`);
      await page.getByRole("heading", { name: "Not here" }).waitFor();
    });
  });

  await page.goto(`${SERVER}/workspaces`);
  await page.getByRole("link", { name: /Second client/ }).waitFor();
  await inspect(ada, "workspaces");
  await promise("the second is deleted by its typed name", async () => {
    await page.getByRole("link", { name: /Second client/ }).click();
    await go(page, "Settings");
    await page.getByRole("button", { name: "Delete workspace" }).click();
    const confirm = dialog(page).getByRole("button", { name: "Delete workspace" });
    equal(await confirm.isDisabled(), true, "button before the name is typed");
    await dialog(page).getByLabel(/Type/).fill("Second client");
    await confirm.click();
    await page.getByRole("heading", { name: "Workspaces" }).waitFor();
    await page.getByRole("link", { name: /Second client/ }).waitFor({ state: "detached" });
  });
  await promise("switching back shows the first again", async () => {
    await page.getByRole("link", { name: /Analytical Engines/ }).click();
    await go(page, "Agents");
    await page.getByRole("link", { name: "Scout", exact: true }).waitFor();
  });
}
