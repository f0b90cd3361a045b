import { SERVER } from "./browser.mjs";
import { inspect } from "./inspect.mjs";
import { dialog, go, toast } from "./people.mjs";
import { equal, promise } from "./report.mjs";

export async function agents({ ada }) {
  const { page } = ada;
  await page.goto(SERVER);
  await go(page, "Agents");

  await promise("the dialog for a new agent asks for a name", async () => {
    await page.getByRole("button", { name: "New agent" }).click();
    await dialog(page).getByRole("button", { name: "Create agent" }).click();
    await dialog(page).getByText("Please fill this in").waitFor();
  });
  await inspect(ada, "new agent dialog");

  await promise("an agent is created and opens", async () => {
    await dialog(page).getByLabel("Name").fill("Scout");
    await dialog(page).getByLabel("Symbol").fill("🔭");
    await dialog(page).getByLabel("What it is for").fill("Finds sources and sums them up.");
    await dialog(page).getByRole("button", { name: "Create agent" }).click();
    await page.getByRole("heading", { name: "Scout", level: 1 }).waitFor();
  });
  await inspect(ada, "agent overview");

  await promise("its instructions are written and kept", async () => {
    await page.getByRole("link", { name: "Instructions & files" }).click();
    await page.getByRole("link", { name: /SOUL\.md/ }).click();
    await page.getByLabel("Content of SOUL.md").fill("You are curious and brief.");
    await page.getByRole("button", { name: "Save file" }).click();
    await toast(page, "SOUL.md is saved");
    await page.reload();
    equal(await page.getByLabel("Content of SOUL.md").inputValue(), "You are curious and brief.", "content after reload");
  });
  await inspect(ada, "agent files");

  await promise("its name and purpose can be changed", async () => {
    await page.getByRole("link", { name: "Overview", exact: true }).last().click();
    await page.getByLabel("What it is for").fill("Finds sources, reads them and sums them up.");
    await page.getByRole("button", { name: "Save changes" }).click();
    await toast(page, "Saved");
    await page.reload();
    equal(await page.getByLabel("What it is for").inputValue(), "Finds sources, reads them and sums them up.", "purpose after reload");
  });

  await promise("another agent is created and deleted by its typed name", async () => {
    await go(page, "Agents");
    await page.getByRole("button", { name: "New agent" }).click();
    await dialog(page).getByLabel("Name").fill("Passing");
    await dialog(page).getByRole("button", { name: "Create agent" }).click();
    await page.getByRole("heading", { name: "Passing", level: 1 }).waitFor();
    await page.getByRole("button", { name: "Delete agent" }).click();
    const confirm = dialog(page).getByRole("button", { name: "Delete agent" });
    equal(await confirm.isDisabled(), true, "button before the name is typed");
    await dialog(page).getByLabel(/Type/).fill("Passing");
    await confirm.click();
    await page.getByRole("heading", { name: "Agents", level: 1 }).waitFor();
    await page.getByRole("link", { name: "Scout", exact: true }).waitFor();
    equal(await page.getByRole("link", { name: "Passing", exact: true }).count(), 0, "deleted agent in the list");
  });
  await inspect(ada, "agents");
}
