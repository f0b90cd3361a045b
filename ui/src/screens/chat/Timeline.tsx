import { text } from "../../text/en";
import { duration, shortCount, usd } from "../../text/format";
import type { SessionRow } from "../../rpc/types";
import { toolElementId, ToolIcon } from "./ToolCard";
import { inOneLine, type ToolCall } from "./tools";

/** What the agent did, beside what it said. A press leads to the call in the conversation. */
export function Timeline({ calls, session }: { calls: ReadonlyArray<ToolCall>; session: SessionRow | undefined }) {
  return (
    <aside aria-label={text.chat.tools} className="hidden w-72 shrink-0 flex-col border-l border-line bg-canvas xl:flex">
      <div className="flex h-14 shrink-0 flex-col justify-center border-b border-line px-4">
        <h2 className="font-semibold">{text.chat.tools}</h2>
      </div>
      {calls.length === 0 ? (
        <p className="px-4 py-6 text-sm text-ink-3">{text.chat.noTools}</p>
      ) : (
        <ol className="min-h-0 flex-1 overflow-y-auto px-2 py-2">
          {calls.map((call) => (
            <li key={call.id}>
              <button type="button" onClick={() => reveal(call.id)} className="flex w-full items-start gap-2.5 rounded-lg px-2 py-2 text-left -outline-offset-2 hover:bg-hover">
                <span className="mt-0.5">
                  <ToolIcon state={call.state} />
                </span>
                <span className="min-w-0 flex-1">
                  <span className="flex items-baseline justify-between gap-2">
                    <span className="truncate font-mono text-sm font-medium">{call.name}</span>
                    {call.durationMs !== undefined && <span className="shrink-0 text-xs text-ink-3 tabular-nums">{duration(call.durationMs)}</span>}
                  </span>
                  <span className="line-clamp-2 font-mono text-xs text-ink-3">{inOneLine(call.args)}</span>
                </span>
              </button>
            </li>
          ))}
        </ol>
      )}
      {session?.totalTokens ? (
        <p className="mt-auto border-t border-line px-4 py-3 text-xs text-ink-3 tabular-nums">
          {text.chat.tokens(shortCount(session.totalTokens))}
          {session.estimatedCostUsd ? ` · ${usd(session.estimatedCostUsd)}` : ""}
        </p>
      ) : null}
    </aside>
  );
}

function reveal(id: string): void {
  const card = document.getElementById(toolElementId(id));
  if (!(card instanceof HTMLDetailsElement)) return;
  card.open = true;
  card.scrollIntoView({ block: "center" });
  card.querySelector("summary")?.focus();
}
