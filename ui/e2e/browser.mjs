import { chromium } from "playwright-core";

export const SERVER = (process.env.PMOS_URL ?? "http://127.0.0.1:7667").replace(/\/$/, "");

export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
}

/** A browser of one person, which notes everything that a clean page never says. */
export async function visitor(browser, name) {
  const context = await browser.newContext({ viewport: { width: 1366, height: 860 }, reducedMotion: "reduce", locale: "en-GB" });
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: SERVER });
  const complaints = [];
  let allowed;
  const complain = (words) => {
    if (!allowed?.test(words)) complaints.push(`${name}: ${words}`);
  };
  await context.exposeBinding("reportViolation", (_source, words) => complain(`policy violation: ${words}`));
  await context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      window.reportViolation(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber} ${event.sample}`);
    });
  });
  context.on("page", (page) => {
    page.setDefaultTimeout(15_000);
    page.on("console", (message) => message.type() === "error" && complain(`console: ${message.text()} ${message.location().url}`));
    page.on("pageerror", (error) => complain(`page error: ${error.message}`));
  });
  const page = await context.newPage();
  return {
    name,
    context,
    page,
    /** What was complained about since the last time. */
    complaints: () => complaints.splice(0),
    /** While something is meant to be refused, the browser's line about it is no complaint. */
    async refused(body) {
      allowed = /status of 4\d\d/;
      try {
        await body();
        // The browser writes its line about a refusal a little after the refusal.
        await page.waitForTimeout(400);
      } finally {
        allowed = undefined;
      }
    },
  };
}
