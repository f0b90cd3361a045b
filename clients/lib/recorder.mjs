// A proxy that writes down what a client and a server say to each other.
//
// One JSON object a line: `t` (ms since the file was begun), `conn`, and either `open` (the path asked for, with headers),
// `dir` (`c>s` or `s>c`) with `frame` (or `text` when it is not JSON), or `closedBy` with `code` and `reason`.
// The token and the home directory are replaced, so that a transcript can be kept.
import fs from "node:fs";
import http from "node:http";
import { createRequire } from "node:module";
import path from "node:path";

const KEPT_HEADERS = ["host", "origin", "user-agent", "sec-websocket-extensions"];
const FRAME_BYTES = 64 * 1024 * 1024;

export class Recorder {
  /** `modules`: a file beside whose node_modules the `ws` package is found; the real client brings it. */
  constructor({ target, folder, modules, replace }) {
    this.ws = createRequire(modules)("ws");
    this.target = new URL(target);
    this.folder = folder;
    this.replace = replace;
    this.connections = 0;
    fs.mkdirSync(folder, { recursive: true });
  }

  /** Listen on a free port of loopback; gives the URL for the client. */
  async start() {
    this.server = http.createServer((_request, response) => response.writeHead(404).end());
    const sockets = new this.ws.WebSocketServer({ server: this.server, perMessageDeflate: false, maxPayload: FRAME_BYTES });
    sockets.on("connection", (client, request) => this.join(client, request));
    await new Promise((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return `ws://127.0.0.1:${this.server.address().port}${this.target.pathname}${this.target.search}`;
  }

  /** From here on write to this file. */
  begin(name) {
    this.file = path.join(this.folder, `${name}.jsonl`);
    this.begun = Date.now();
    fs.writeFileSync(this.file, "");
  }

  write(entry) {
    let line = JSON.stringify({ t: Date.now() - this.begun, ...entry });
    for (const [from, to] of this.replace) line = line.replaceAll(from, to);
    fs.appendFileSync(this.file, `${line}\n`);
  }

  join(client, request) {
    const conn = ++this.connections;
    const kept = Object.fromEntries(KEPT_HEADERS.filter((name) => request.headers[name]).map((name) => [name, request.headers[name]]));
    this.write({ conn, open: request.url, headers: kept });
    const server = new this.ws.WebSocket(new URL(request.url, this.target), { perMessageDeflate: false, maxPayload: FRAME_BYTES });
    const early = [];
    client.on("message", (data) => {
      this.write({ conn, dir: "c>s", ...readable(data) });
      if (server.readyState === server.OPEN) server.send(data.toString());
      else early.push(data.toString());
    });
    server.on("open", () => early.splice(0).forEach((text) => server.send(text)));
    server.on("message", (data) => {
      this.write({ conn, dir: "s>c", ...readable(data) });
      client.send(data.toString());
    });
    server.on("error", (error) => this.write({ conn, serverError: error.message }));
    client.on("error", (error) => this.write({ conn, clientError: error.message }));
    let closed = false;
    const pass = (closedBy, other) => (code, reason) => {
      if (closed) return;
      closed = true;
      this.write({ conn, closedBy, code, reason: reason.toString() });
      // 1005 and 1006 say that no close frame came; they cannot be sent.
      if (code === 1005 || code === 1006) other.close();
      else other.close(code, reason);
    };
    server.on("close", pass("server", client));
    client.on("close", pass("client", server));
  }

  close() {
    this.server.closeAllConnections();
    this.server.close();
  }
}

function readable(data) {
  const text = data.toString();
  try {
    return { frame: JSON.parse(text) };
  } catch {
    return { text };
  }
}
