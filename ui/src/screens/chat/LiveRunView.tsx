import { Badge } from "../../components/Badge";
import type { Agent, Message } from "../../rpc/types";
import { text } from "../../text/en";
import { Notice } from "./Ending";
import { StreamingMarkdown } from "./Markdown";
import { AgentTurn } from "./MessageView";
import { ToolCard } from "./ToolCard";
import type { ToolCall } from "./tools";
import type { LiveRun } from "./transcript";

interface LiveRunProps {
  run: LiveRun;
  agent: Agent | undefined;
  calls: ReadonlyMap<string, ToolCall>;
  messages: ReadonlyArray<Message>;
  onRetry: (() => void) | undefined;
}

/** What is being written now. */
export function LiveRunView({ run, agent, calls, messages, onRetry }: LiveRunProps) {
  const tools = run.tools.filter((tool) => !isStored(tool.id, messages));
  const isQuiet = run.text === "" && !tools.some((tool) => tool.endedAt === undefined);
  return (
    <AgentTurn agent={agent}>
      {tools.map((tool) => {
        const call = calls.get(tool.id);
        return call && <ToolCard key={tool.id} call={call} />;
      })}
      {run.text && <StreamingMarkdown source={run.text} />}
      {run.phase === "running" && isQuiet && <p className="animate-pulse py-1 text-ink-3">{text.chat.thinking}</p>}
      {run.phase === "stopping" && <Words said={text.chat.stopping} />}
      {run.phase === "stopped" && <Words said={text.chat.stoppedEmpty} />}
      {run.phase === "failed" && (
        <Notice tone="bad" title={text.chat.failed} body={text.chat.failedKinds[run.error?.kind ?? ""] ?? run.error?.message ?? ""} onRetry={onRetry} />
      )}
    </AgentTurn>
  );
}

function Words({ said }: { said: string }) {
  return (
    <p className="mt-2">
      <Badge>{said}</Badge>
    </p>
  );
}

/** Once the message that calls a tool is stored, the call is drawn there. */
function isStored(toolId: string, messages: ReadonlyArray<Message>): boolean {
  return messages.some(
    (message) => message.role === "assistant" && typeof message.content !== "string" && message.content.some((block) => block.type === "toolCall" && block.id === toolId),
  );
}
