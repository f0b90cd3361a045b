import { SERVER } from "./browser.mjs";
import { inspect } from "./inspect.mjs";
import { dialog, go, second, signIn, toast } from "./people.mjs";
import { check, equal, promise } from "./report.mjs";

export async function administration({ ada, grace, guest }) {
  const { page } = ada;

  await promise("only a super admin finds the administration", async () => {
    await grace.page.goto(`${SERVER}/admin`);
    await grace.page.getByRole("heading", { name: "Not here" }).waitFor();
  });
  await promise("a person of the workspace makes one of their own", async () => {
    await grace.page.goto(`${SERVER}/workspaces`);
    await grace.page.getByRole("button", { name: "New workspace" }).click();
    await dialog(grace.page).getByLabel("Name").fill("Compilers");
    await dialog(grace.page).getByRole("button", { name: "Create" }).click();
    await grace.page.getByRole("button", { name: "Switch workspace: Compilers" }).first().waitFor();
  });

  await page.goto(`${SERVER}/admin`);
  await page.getByRole("table", { name: "Workspaces" }).getByText("Compilers").waitFor();
  await inspect(ada, "admin workspaces");
  await promise("foreign workspaces open only with a reason and for a time", async () => {
    await page.getByRole("button", { name: "Get access: Compilers" }).click();
    await dialog(page).getByRole("button", { name: "Open workspace" }).click();
    await dialog(page).getByText("Please fill this in").waitFor();
  });
  await inspect(ada, "access dialog");
  await promise("while it lasts a banner counts down", async () => {
    await dialog(page).getByLabel("Reason").fill("Looking at a failed run");
    await dialog(page).getByRole("button", { name: "Open workspace" }).click();
    const banner = page.getByText(/You are in Compilers with temporary access/);
    await banner.waitFor();
    const before = await banner.textContent();
    await page.waitForTimeout(2_100);
    check((await banner.textContent()) !== before, "the countdown stands still");
  });
  await inspect(ada, "workspace with temporary access");
  await promise("it is ended from the banner", async () => {
    await page.getByRole("button", { name: "End access" }).click();
    await page.getByRole("table", { name: "Temporary access" }).getByText("Revoked").waitFor();
  });
  await inspect(ada, "admin access");

  let link = "";
  await promise("a reset link is made for a person", async () => {
    await page.getByRole("link", { name: "People" }).click();
    await page.getByRole("table", { name: "People" }).getByText(second.email).waitFor();
  });
  await inspect(ada, "admin people");
  await promise("the link can be passed on", async () => {
    await page.getByRole("button", { name: /Reset link for Grace/ }).click();
    await dialog(page).getByRole("button", { name: "Make reset link" }).click();
    link = await dialog(page).getByLabel("Reset link").inputValue();
    check(link.startsWith(`${SERVER}/reset#token=`), `link ${link}`);
    await dialog(page).getByRole("button", { name: "Close" }).last().click();
  });
  await promise("it opens a form for a new password", async () => {
    await guest.page.goto(link);
    await guest.page.getByRole("heading", { name: "Choose a new password" }).waitFor();
    equal(new URL(guest.page.url()).hash, "", "fragment");
  });
  await inspect(guest, "reset password");
  await promise("the new password signs in", async () => {
    const reset = { ...second, password: "moths in relay seventy" };
    await guest.page.getByLabel("New password").fill(reset.password);
    await guest.page.getByLabel("Repeat it").fill(reset.password);
    await guest.page.getByRole("button", { name: "Set password" }).click();
    await guest.page.getByRole("heading", { name: "Welcome back" }).waitFor();
    await signIn(guest.page, reset);
    await guest.page.getByRole("heading", { name: "Hello, Grace" }).waitFor();
  });

  await promise("a person who is removed is out at once", async () => {
    await page.goto(SERVER);
    await go(page, "Members");
    await page.getByRole("button", { name: /Remove from workspace: Grace/ }).click();
    await dialog(page).getByRole("button", { name: "Remove from workspace" }).click();
    await toast(page, /is removed/);
    equal(await page.getByRole("table", { name: "Members" }).getByText(second.email).count(), 0, "in the list");
  });
}
