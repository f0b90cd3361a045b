import { inspect } from "./inspect.mjs";
import { go } from "./people.mjs";
import { check, equal, eventually, promise } from "./report.mjs";

export const log = (page) => page.getByRole("log", { name: "Conversation" });

export async function say(page, words) {
  const box = page.getByRole("textbox", { name: /^Message/ });
  await box.fill(words);
  await box.press("Enter");
}

export async function isQuiet(page) {
  return (await log(page).getAttribute("aria-busy")) === "false";
}

/** Says something and waits until the answer has come to its end. */
async function ask(page, words) {
  const before = await log(page).locator("article").count();
  await say(page, words);
  await eventually("an answer", async () => (await log(page).locator("article").count()) >= before + 2 && (await isQuiet(page)), 30_000);
}

export async function chat({ ada }) {
  const { page } = ada;
  await go(page, "Chat");
  await page.getByRole("heading", { name: "What can I help with?" }).waitFor();
  await inspect(ada, "new chat");

  await promise("a conversation starts with the chosen agent", async () => {
    await page.getByLabel("Agent", { exact: true }).selectOption({ label: "Scout" });
    await say(page, "Hello Scout, who are you?");
    await log(page).getByText("Hello Scout, who are you?").first().waitFor();
    await eventually("an answer", async () => (await log(page).locator("article").count()) === 2 && (await isQuiet(page)), 30_000);
    check(page.url().includes("/chat/"), `address ${page.url()}`);
  });
  await inspect(ada, "chat");

  await promise("the conversation survives a reload", async () => {
    await page.reload();
    await log(page).getByText("Hello Scout, who are you?").first().waitFor();
    equal(await log(page).locator("article").count(), 2, "messages");
  });

  await promise("an answer grows while it is written", async () => {
    await say(page, "Take your time. [[tokens 12]] [[delay 250]]");
    const sizes = new Set();
    await eventually(
      "growing text",
      async () => {
        const answer = log(page).locator(".prose-streaming");
        if ((await answer.count()) > 0) sizes.add((await answer.first().textContent().catch(() => ""))?.length ?? 0);
        return sizes.size >= 3;
      },
      20_000,
    );
    equal(await log(page).getAttribute("aria-busy"), "true", "aria-busy while streaming");
    await eventually("the end", () => isQuiet(page), 40_000);
    equal(await log(page).locator(".prose-streaming").count(), 0, "streaming text after the end");
  });

  await promise("a message sent meanwhile waits, and is answered afterwards", async () => {
    const before = await log(page).locator("article").count();
    await say(page, "One. [[tokens 10]] [[delay 200]]");
    await eventually("busy", async () => !(await isQuiet(page)));
    await say(page, "Two.");
    await eventually("both answers", async () => (await log(page).locator("article").count()) === before + 4 && (await isQuiet(page)), 60_000);
    equal(await page.getByText("Waits for its turn").count(), 0, "waiting notes");
  });

  await promise("a tool call is shown in the conversation and in the timeline, with input and output", async () => {
    await ask(page, 'Look it up. [[tool file_read {"path":"SOUL.md"}]]');
    const card = log(page).locator("details").filter({ hasText: "file_read" }).last();
    await card.locator("summary").click();
    await card.getByText("Input").waitFor();
    await card.getByText("Output").waitFor();
    await page.getByRole("complementary", { name: "Timeline" }).getByRole("button", { name: /file_read/ }).first().click();
    equal(await page.getByRole("main").evaluate((main) => main.scrollHeight - main.clientHeight), 0, "what the page around the conversation could scroll");
  });
  await inspect(ada, "chat with tools");

  await promise("an answer is stopped, and what was said is kept", async () => {
    await say(page, "Write a lot. [[tokens 60]] [[delay 300]]");
    await log(page).locator(".prose-streaming").waitFor();
    await page.getByRole("button", { name: "Stop", exact: true }).click();
    await log(page).getByText("Stopped, kept so far").waitFor();
    await eventually("quiet", () => isQuiet(page));
  });

  await promise("a failure is told, and can be tried again", async () => {
    await say(page, "Break. [[fail 400]]");
    await log(page).getByText("The agent could not answer").last().waitFor({ timeout: 40_000 });
    await eventually("quiet", () => isQuiet(page), 40_000);
    const before = await log(page).getByText("Break. [[fail 400]]").count();
    await log(page).getByRole("button", { name: "Try again" }).last().click();
    await eventually("asked again", async () => (await log(page).getByText("Break. [[fail 400]]").count()) > before);
    await eventually("quiet", () => isQuiet(page), 40_000);
  });
  await inspect(ada, "chat with a failure");

  await promise("a text file is attached, a binary one is refused", async () => {
    await page.locator('input[type="file"]').setInputFiles([
      { name: "notes.md", mimeType: "text/markdown", buffer: Buffer.from("# Notes\n") },
      { name: "photo.png", mimeType: "image/png", buffer: Buffer.from([0x89, 0x50, 0, 0xff]) },
    ]);
    await page.getByText("photo.png is not a text file").waitFor();
    await page.getByRole("button", { name: "Remove notes.md" }).waitFor();
    await ask(page, "Read the notes.");
  });

  await promise("the list of conversations is found on a phone", async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.getByRole("button", { name: "Show conversations" }).click();
    await page.getByRole("dialog").getByRole("link", { name: "New chat" }).waitFor();
    await page.keyboard.press("Escape");
    await page.setViewportSize({ width: 1366, height: 860 });
  });
}
