import { SERVER } from "./browser.mjs";
import { inspect } from "./inspect.mjs";
import { second, signIn, toast } from "./people.mjs";
import { equal, promise } from "./report.mjs";

export async function account({ grace, guest }) {
  const { page } = grace;
  const changed = { ...second, password: "grains of pepper are smaller" };

  await page.goto(`${SERVER}/me`);
  await page.getByRole("table", { name: "Sign-ins" }).waitFor();
  await inspect(grace, "profile");

  await promise("a second sign-in is listed and can be ended", async () => {
    await guest.page.goto(`${SERVER}/login`);
    await signIn(guest.page, second);
    await guest.page.getByRole("heading", { name: "Hello, Grace" }).waitFor();
    await page.reload();
    await guest.refused(async () => {
      await page.getByRole("button", { name: /^Sign out / }).first().click();
      await toast(page, "That device is signed out");
      await guest.page.goto(`${SERVER}/me`);
      await guest.page.getByRole("heading", { name: "Welcome back" }).waitFor();
    });
    equal(new URL(guest.page.url()).searchParams.get("next"), "/me", "where to go after signing in");
  });
  await inspect(guest, "login");

  await promise("a wrong password is refused in plain words", async () => {
    await guest.refused(async () => {
      await signIn(guest.page, { ...second, password: "a wrong password here" });
      await guest.page.getByText("The email address or the password is not right.").waitFor();
    });
  });
  await promise("after signing in one arrives where one wanted to go", async () => {
    // Each wrong password makes the next attempt wait; the first one a second.
    await guest.page.waitForTimeout(1_200);
    await signIn(guest.page, second);
    await guest.page.getByRole("heading", { name: "Your profile" }).waitFor();
  });

  await promise("the name is changed", async () => {
    await page.getByLabel("Name", { exact: true }).fill("Grace B. Hopper");
    await page.getByRole("button", { name: "Save changes" }).click();
    await toast(page, "Saved");
  });
  await promise("the password is changed, which ends the other sign-ins", async () => {
    await page.getByLabel("Current password").fill(second.password);
    await page.getByLabel("New password").fill(changed.password);
    await page.getByRole("button", { name: "Change password" }).click();
    await toast(page, "Your password is changed");
    await page.reload();
    await page.getByRole("heading", { name: "Your profile" }).waitFor();
    await guest.refused(async () => {
      await guest.page.goto(`${SERVER}/me`);
      await guest.page.getByRole("heading", { name: "Welcome back" }).waitFor();
    });
  });
  await promise("the new password signs in, and signing out forgets everything", async () => {
    await signIn(guest.page, changed);
    await guest.page.getByRole("heading", { name: "Your profile" }).waitFor();
    await guest.page.getByRole("button", { name: "Your account" }).click();
    await guest.page.getByRole("menuitem", { name: "Sign out" }).click();
    await guest.page.getByRole("heading", { name: "Welcome back" }).waitFor();
    await guest.page.goto(SERVER);
    await guest.page.getByRole("heading", { name: "Welcome back" }).waitFor();
  });
}
