import { Copy } from "lucide-react";
import { memo, type ReactNode } from "react";
import { Avatar } from "../../components/Avatar";
import { IconButton } from "../../components/Button";
import { Moment } from "../../components/Time";
import { toast } from "../../components/toast";
import type { Agent, Message } from "../../rpc/types";
import { text } from "../../text/en";
import { shortCount, usd } from "../../text/format";
import { Ending } from "./Ending";
import { Markdown } from "./Markdown";
import { ToolCard } from "./ToolCard";
import type { ToolCall } from "./tools";
import { textOf } from "./transcript";
import { useMe } from "../../rpc/hooks";
import { UserBubble } from "./UserBubble";

interface MessageProps {
  message: Message;
  agent: Agent | undefined;
  calls: ReadonlyMap<string, ToolCall>;
  /** Offered under an answer that did not come to its end. */
  onRetry: (() => void) | undefined;
}

export const MessageView = memo(function MessageView({ message, agent, calls, onRetry }: MessageProps) {
  const me = useMe().person.id;
  const by = message.sender && message.sender.id !== me ? message.sender.name : undefined;
  if (message.role === "user") return <UserBubble body={textOf(message)} by={by} files={message.attachments} />;
  const said = textOf(message);
  const tools = typeof message.content === "string" ? [] : message.content.filter((block) => block.type === "toolCall");
  const thought = typeof message.content === "string" ? "" : message.content.flatMap((block) => (block.type === "thinking" ? [block.thinking] : [])).join("\n\n");
  return (
    <AgentTurn agent={agent}>
      {thought && <Reasoning body={thought} />}
      {said && (
        <div className="prose">
          <Markdown source={said} />
        </div>
      )}
      {tools.map((block) => {
        const call = calls.get(block.id);
        return call && <ToolCard key={block.id} call={call} />;
      })}
      <Ending message={message} onRetry={onRetry} />
      {message.stopReason !== "toolUse" && <Footer message={message} said={said} />}
    </AgentTurn>
  );
});

export function AgentTurn({ agent, children }: { agent: Agent | undefined; children: ReactNode }) {
  const name = agent?.name ?? text.chat.agent;
  return (
    <div className="flex gap-3">
      <div className="hidden pt-0.5 sm:block">
        <Avatar name={name} emoji={agent?.identity.emoji} square />
      </div>
      <div className="min-w-0 flex-1">
        <span className="sr-only">{name}: </span>
        {children}
      </div>
    </div>
  );
}

function Reasoning({ body }: { body: string }) {
  return (
    <details className="mb-2 text-sm text-ink-3">
      <summary className="rounded font-medium">{text.chat.reasoning}</summary>
      <p className="mt-1 border-l-2 border-line pl-3 whitespace-pre-wrap">{body}</p>
    </details>
  );
}

function Footer({ message, said }: { message: Message; said: string }) {
  const { usage, model } = message;
  const copy = async () => {
    await navigator.clipboard.writeText(said);
    toast(text.common.copied);
  };
  return (
    <div className="mt-1.5 flex flex-wrap items-center gap-x-2 text-xs text-ink-3">
      {said && <IconButton icon={Copy} label={text.chat.copyAnswer} onClick={copy} className="-ml-2 size-7! [&_svg]:size-3.5" />}
      {model && <span className="font-mono">{model}</span>}
      {usage && <span className="tabular-nums">{text.chat.tokens(shortCount(usage.totalTokens))}</span>}
      {usage?.cost && usage.cost.total > 0 && <span className="tabular-nums">{usd(usage.cost.total)}</span>}
      <Moment at={message.timestamp} />
    </div>
  );
}
