// The whole UI in a real browser against a real server, whose model is bench/fake-openai.mjs or another that knows its directives.
//   PMOS_URL        the server, http://127.0.0.1:7667 by default; it must have no account yet
//   PMOS_BOOTSTRAP  the one-time code that it printed
//   PMOS_SHOTS      a folder for screenshots (optional)
//   CHROMIUM        the browser, /usr/bin/chromium by default
import { launch, visitor } from "./browser.mjs";
import { firstStart } from "./first-start.mjs";
import { agents } from "./agents.mjs";
import { chat } from "./chat.mjs";
import { sessions } from "./sessions.mjs";
import { together } from "./together.mjs";
import { manage } from "./manage.mjs";
import { tenants } from "./tenants.mjs";
import { account } from "./account.mjs";
import { administration } from "./administration.mjs";
import { close, onFailure, promise } from "./report.mjs";

if (!process.env.PMOS_BOOTSTRAP) {
  console.error("PMOS_BOOTSTRAP is not set: it is the code after #bootstrap= in the address that the server printed");
  process.exit(2);
}

const browser = await launch();
const ada = await visitor(browser, "first person");
const grace = await visitor(browser, "second person");
const guest = await visitor(browser, "visitor");

if (process.env.PMOS_SHOTS) {
  onFailure(async (name) => {
    for (const one of [ada, grace, guest]) {
      await one.page.screenshot({ path: `${process.env.PMOS_SHOTS}/FAILED-${name.replace(/\W+/g, "-").slice(0, 60)}.${one.name.replace(" ", "-")}.png` });
    }
  });
}

for (const part of [firstStart, agents, chat, sessions, together, manage, tenants, account, administration]) {
  console.log(`\n# ${part.name}`);
  // A part that breaks between its promises must be counted as well.
  await promise(`${part.name} ran to its end`, () => part({ ada, grace, guest }));
}
await browser.close();
process.exit(close());
