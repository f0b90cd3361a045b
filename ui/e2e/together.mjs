import { SERVER } from "./browser.mjs";
import { isQuiet, log, say } from "./chat.mjs";
import { inspect } from "./inspect.mjs";
import { dialog, go, second, signUp } from "./people.mjs";
import { check, equal, eventually, promise } from "./report.mjs";

/** Two people in one workspace. */
export async function together({ ada, grace }) {
  const { page } = ada;
  const other = grace.page;
  let link = "";

  await go(page, "Members");
  await promise("an invitation link is made and shown once", async () => {
    await page.getByRole("button", { name: "Invite people" }).click();
    await dialog(page).getByRole("button", { name: "Create link" }).waitFor();
  });
  await inspect(ada, "invite dialog");
  await promise("the link can be copied", async () => {
    await dialog(page).getByRole("button", { name: "Create link" }).click();
    await dialog(page).getByRole("button", { name: "Copy" }).click();
    link = await dialog(page).getByLabel("Invitation link").inputValue();
    equal(await page.evaluate(() => navigator.clipboard.readText()), link, "clipboard");
    check(link.startsWith(`${SERVER}/invite#token=`), `link ${link}`);
    await dialog(page).getByRole("button", { name: "Done" }).click();
  });

  await promise("the second person sees where the invitation leads", async () => {
    await other.goto(link);
    await other.getByRole("heading", { name: /^Join / }).waitFor();
    equal(new URL(other.url()).hash, "", "fragment");
  });
  await inspect(grace, "invitation");
  await promise("they sign up by it and arrive in the workspace", async () => {
    await other.getByRole("button", { name: "Create an account" }).click();
    await signUp(other, second);
    await other.getByRole("heading", { name: "Hello, Grace" }).waitFor();
  });
  await promise("the first person sees them join without a reload", async () => {
    await page.getByRole("table", { name: "Members" }).getByText(second.email).waitFor();
  });
  await inspect(ada, "members");

  await promise("a member is not offered what only admins may do", async () => {
    await other.getByText("Connected").waitFor();
    const places = await other.getByRole("navigation", { name: "Main" }).getByRole("link").allTextContents();
    equal(places.join(","), "Overview,Chat,Agents,Sessions,Members,API keys,Settings", "places");
  });

  await promise("the second person opens the first one's session", async () => {
    await go(other, "Sessions");
    await other.getByRole("link", { name: "Launch plan" }).click();
    await log(other).getByText("Hello Scout, who are you?").first().waitFor();
  });
  await promise("and sees a new answer while it is being written", async () => {
    await go(page, "Sessions");
    await page.getByRole("link", { name: "Launch plan" }).click();
    await log(page).getByText("Hello Scout, who are you?").first().waitFor();
    await say(page, "Tell us both. [[tokens 14]] [[delay 300]]");
    await log(other).getByText("Tell us both.").first().waitFor();
    const partial = await eventually("partial text for the second person", async () => {
      const answer = log(other).locator(".prose-streaming");
      return (await answer.count()) > 0 && (await answer.first().textContent().catch(() => ""));
    });
    equal(await log(other).getAttribute("aria-busy"), "true", "aria-busy for the second person");
    await eventually("the end for both", async () => (await isQuiet(page)) && (await isQuiet(other)), 40_000);
    const ends = await Promise.all([page, other].map((one) => log(one).locator("article .prose").last().textContent()));
    equal(ends[1], ends[0], "the answer of both");
    check((ends[0]?.length ?? 0) > partial.length, "the partial text was the whole answer");
  });
  await promise("one who comes late sees the answer that is under way", async () => {
    await say(page, "Once more. [[tokens 14]] [[delay 400]]");
    await log(page).locator(".prose-streaming").waitFor();
    await other.reload();
    await log(other).locator(".prose-streaming").waitFor();
    await eventually("the end for both", async () => (await isQuiet(page)) && (await isQuiet(other)), 40_000);
    const ends = await Promise.all([page, other].map((one) => log(one).locator("article .prose").last().textContent()));
    equal(ends[1], ends[0], "the answer of both");
  });

  await promise("a lost connection is told and comes back by itself", async () => {
    let line;
    await other.routeWebSocket(/\/socket$/, (socket) => {
      line = socket;
      socket.connectToServer();
    });
    await other.reload();
    await other.getByText("Connected", { exact: true }).waitFor();
    await line.close({ code: 1012, reason: "service restart" });
    await other.getByText("The connection is lost.").waitFor();
    await other.getByText("Connected", { exact: true }).waitFor();
    equal(await other.getByText("The connection is lost.").count(), 0, "banner after it came back");
  });

  await promise("a viewer reads, and is not offered to write", async () => {
    await go(page, "Members");
    await page.getByLabel(`Role of ${second.name}`).selectOption("viewer");
    await page.getByText("Grace Hopper is now viewer").waitFor();
    await other.reload();
    await other.getByText("You can read this conversation, but not write in it.").waitFor();
  });
  await inspect(grace, "chat as a viewer");
  await promise("and becomes a member again", async () => {
    await page.getByLabel(`Role of ${second.name}`).selectOption("member");
    await page.getByText("Grace Hopper is now member").waitFor();
    await other.reload();
    await other.getByRole("textbox", { name: /^Message/ }).waitFor();
  });
}
