import { ChevronRight, CircleAlert, CircleCheck, CircleDashed, LoaderCircle } from "lucide-react";
import { text } from "../../text/en";
import { duration } from "../../text/format";
import { inOneLine, readable, type ToolCall } from "./tools";

export function ToolIcon({ state }: { state: ToolCall["state"] }) {
  switch (state) {
    case "running":
      return <LoaderCircle aria-label={text.chat.toolRunning} className="size-4 shrink-0 animate-spin text-accent-ink" />;
    case "done":
      return <CircleCheck aria-label={text.chat.toolDone} className="size-4 shrink-0 text-good-ink" />;
    case "failed":
      return <CircleAlert aria-label={text.chat.toolFailed} className="size-4 shrink-0 text-danger-ink" />;
    case "unfinished":
      return <CircleDashed aria-label={text.chat.toolUnfinished} className="size-4 shrink-0 text-ink-3" />;
  }
}

export const toolElementId = (id: string): string => `tool-${id}`;

/** One call of a tool: what it was in a line, and all of it when opened. */
export function ToolCard({ call }: { call: ToolCall }) {
  const input = readable(call.args);
  return (
    <details id={toolElementId(call.id)} className="group rise my-2 rounded-lg border border-line bg-surface open:shadow-card">
      <summary className="flex min-h-9 list-none items-center gap-2.5 rounded-lg px-3 py-1.5 text-sm -outline-offset-2 hover:bg-sunken [&::-webkit-details-marker]:hidden">
        <ToolIcon state={call.state} />
        <span className="shrink-0 font-mono font-medium">{call.name}</span>
        <span className="min-w-0 flex-1 truncate font-mono text-xs text-ink-3">{inOneLine(call.args)}</span>
        {call.durationMs !== undefined && <span className="shrink-0 text-xs text-ink-3 tabular-nums">{duration(call.durationMs)}</span>}
        <ChevronRight aria-hidden className="size-4 shrink-0 text-ink-3 transition-transform group-open:rotate-90" />
      </summary>
      <div className="space-y-3 border-t border-line px-3 py-3">
        {input && <Part title={text.chat.input} body={input} />}
        {call.result !== undefined && <Part title={text.chat.output} body={call.result} bad={call.state === "failed"} />}
      </div>
    </details>
  );
}

function Part({ title, body, bad }: { title: string; body: string; bad?: boolean }) {
  return (
    <div>
      <p className="mb-1 text-xs font-medium text-ink-3">{title}</p>
      {/* A box that may scroll must be reachable by keyboard. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <pre tabIndex={0} className={`max-h-72 overflow-auto rounded-md bg-sunken p-2.5 font-mono text-xs whitespace-pre-wrap ${bad ? "text-danger-ink" : ""}`}>
        {body}
      </pre>
    </div>
  );
}
