// A terminal that a program believes in: tmux, on a socket of its own.
import { execFileSync } from "node:child_process";

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export class Terminal {
  constructor(command, environment, cwd) {
    this.socket = `pmos-clients-${process.pid}`;
    const settings = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
    this.tmux("new-session", "-d", "-x", "120", "-y", "40", "-c", cwd, "env", ...settings, ...command);
  }

  tmux(...args) {
    return execFileSync("tmux", ["-L", this.socket, "-f", "/dev/null", ...args], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  }

  screen() {
    return this.tmux("capture-pane", "-p", "-J");
  }

  /** Type a line. The pause makes Enter a key: the TUI takes one that follows at once for part of a paste. */
  async enter(text) {
    this.tmux("send-keys", "-l", text);
    await sleep(500);
    this.tmux("send-keys", "Enter");
  }

  key(name) {
    this.tmux("send-keys", name);
  }

  /** Wait until the screen shows this; gives the screen, or throws with it. */
  async shows(pattern, timeoutMs = 30_000) {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const screen = this.screen();
      if (pattern.test(screen)) return screen;
      if (Date.now() > deadline) throw new Error(`the screen never showed ${pattern}:\n${screen.replace(/\n{3,}/g, "\n\n")}`);
      await sleep(50);
    }
  }

  /** Whether the program ends by itself within the time. */
  async ends(timeoutMs = 10_000) {
    for (const deadline = Date.now() + timeoutMs; Date.now() < deadline; await sleep(100)) {
      try {
        this.tmux("list-sessions");
      } catch {
        return true;
      }
    }
    return false;
  }

  close() {
    try {
      this.tmux("kill-server");
    } catch {
      // It ended by itself.
    }
  }
}
