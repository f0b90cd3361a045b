import { Copy } from "lucide-react";
import { memo, type ReactNode } from "react";
import { Avatar } from "../../components/Avatar";
import { Badge } from "../../components/Badge";
import { Button, IconButton } from "../../components/Button";
import { Moment } from "../../components/Time";
import { toast } from "../../components/toast";
import type { Agent, Message } from "../../rpc/types";
import { text } from "../../text/en";
import { shortCount, usd } from "../../text/format";
import { Markdown } from "./Markdown";
import { ToolCard } from "./ToolCard";
import type { ToolCall } from "./tools";
import { textOf } from "./transcript";

interface MessageProps {
  message: Message;
  agent: Agent | undefined;
  calls: ReadonlyMap<string, ToolCall>;
  /** Offered under an answer that did not come to its end. */
  onRetry: (() => void) | undefined;
}

export function UserBubble({ body, note }: { body: string; note?: ReactNode }) {
  return (
    <div className="flex flex-col items-end gap-1">
      <div className="max-w-[85%] rounded-2xl rounded-br-md bg-accent-soft px-4 py-2.5 whitespace-pre-wrap">
        <span className="sr-only">{text.chat.personSaid}: </span>
        {body}
      </div>
      {note}
    </div>
  );
}

export const MessageView = memo(function MessageView({ message, agent, calls, onRetry }: MessageProps) {
  if (message.role === "user") return <UserBubble body={textOf(message)} />;
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

function Ending({ message, onRetry }: { message: Message; onRetry: (() => void) | undefined }) {
  switch (message.stopReason) {
    case "aborted":
      return (
        <p className="mt-2">
          <Badge>{text.chat.stopped}</Badge>
        </p>
      );
    case "interrupted":
      return <Notice tone="warn" body={text.chat.interrupted} onRetry={onRetry} />;
    case "error":
      return <Notice tone="bad" title={text.chat.failed} body={message.errorMessage ?? ""} onRetry={onRetry} />;
    case "injected":
      return (
        <p className="mt-2">
          <Badge>{text.chat.injected}</Badge>
        </p>
      );
    default:
      return null;
  }
}

interface NoticeProps {
  tone: "warn" | "bad";
  title?: string;
  body: string;
  onRetry: (() => void) | undefined;
}

export function Notice({ tone, title, body, onRetry }: NoticeProps) {
  return (
    <div className={`mt-2 flex flex-wrap items-center justify-between gap-x-4 gap-y-2 rounded-lg px-3.5 py-2.5 text-sm ${tone === "warn" ? "bg-warn-soft text-warn-ink" : "bg-danger-soft text-danger-ink"}`}>
      <p className="min-w-0 flex-1 basis-56">
        {title && <span className="font-medium">{title}. </span>}
        {body}
      </p>
      {onRetry && (
        <Button small onClick={onRetry}>
          {text.chat.tryAgain}
        </Button>
      )}
    </div>
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
