export const first = { name: "Ada Lovelace", email: "ada@example.test", password: "nine looms weave algebra" };
export const second = { name: "Grace Hopper", email: "grace@example.test", password: "copper wire is eleven inches" };

export async function signUp(page, person) {
  await page.getByLabel("Your name").fill(person.name);
  await page.getByLabel("Email address").fill(person.email);
  await page.getByLabel("Password", { exact: true }).fill(person.password);
  await page.getByRole("button", { name: "Create account" }).click();
}

export async function signIn(page, person) {
  await page.getByLabel("Email address").fill(person.email);
  await page.getByLabel("Password", { exact: true }).fill(person.password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** Goes somewhere by the sidebar, as a person does. */
export async function go(page, place) {
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: place, exact: true }).click();
}

export function dialog(page) {
  return page.getByRole("dialog");
}

export async function toast(page, words) {
  await page.getByText(words).first().waitFor();
}

export async function chooseInMenu(page, menu, item) {
  await page.getByRole("button", { name: menu, exact: true }).first().click();
  await page.getByRole("menuitem", { name: item }).or(page.getByRole("menuitemradio", { name: item })).click();
}
