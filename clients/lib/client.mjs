// The real client in a home of its own.
//
// Its configuration says "remote mode" with the server's URL and token, so plain commands go where we want; it looks for
// no updates and sends no telemetry.
import { execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const COMMAND_MS = 90_000;

export class Client {
  constructor(token) {
    const here = path.dirname(fileURLToPath(import.meta.url));
    const installed = execFileSync(path.join(here, "..", "install.sh"), { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
    [this.node, this.script] = installed.trim().split("\n");
    this.token = token;
    this.home = fs.mkdtempSync(path.join(os.tmpdir(), "pmos-client-"));
  }

  /** Point all commands at this server. */
  use(url) {
    this.url = url;
    fs.mkdirSync(path.join(this.home, ".openclaw"));
    fs.writeFileSync(path.join(this.home, ".openclaw", "openclaw.json"), JSON.stringify({
      gateway: { mode: "remote", remote: { url, token: this.token } },
      update: { checkOnStart: false },
      telemetry: { enabled: false },
    }));
  }

  get environment() {
    return {
      PATH: `${path.dirname(this.node)}:${process.env.PATH}`,
      HOME: this.home,
      LANG: "C.UTF-8",
      NO_COLOR: "1",
      OPENCLAW_NO_AUTO_UPDATE: "1",
    };
  }

  /** Run one command to its end: `{code, out}` with both streams in `out` as they came. */
  run(...args) {
    return new Promise((resolve, reject) => {
      const child = spawn(this.node, [this.script, ...args], { env: this.environment, cwd: this.home, stdio: ["ignore", "pipe", "pipe"] });
      let out = "";
      for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => { out += chunk; });
      const timer = setTimeout(() => child.kill("SIGKILL"), COMMAND_MS);
      child.on("error", reject);
      child.on("close", (code, signal) => {
        clearTimeout(timer);
        resolve({ code, out: signal ? `${out}\n(killed after ${COMMAND_MS} ms)` : out });
      });
    });
  }

  /** `openclaw gateway call`: the payload; a failed call throws with what the client printed. */
  async call(method, params) {
    const { code, out } = await this.run("gateway", "call", method, ...(params ? ["--params", JSON.stringify(params)] : []), "--json");
    if (code !== 0) throw new Error(`${method}: ${out.trim()}`);
    return JSON.parse(out);
  }

  remove() {
    // A client that was just closed may still be writing there.
    fs.rmSync(this.home, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  }
}
