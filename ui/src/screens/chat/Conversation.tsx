import { ArrowDown } from "lucide-react";
import { useMemo, useState } from "react";
import { Button } from "../../components/Button";
import { toast } from "../../components/toast";
import type { Agent, Message } from "../../rpc/types";
import { explain } from "../../text/explain";
import { text } from "../../text/en";
import { LiveRunView } from "./LiveRunView";
import { MessageView } from "./MessageView";
import type { ToolCall } from "./tools";
import { isBusy, messageId, textOf, type Transcript } from "./transcript";
import type { Outgoing } from "./use-outbox";
import { UserBubble } from "./UserBubble";
import { useStickToEnd } from "./use-stick-to-end";

interface ConversationProps {
  transcript: Transcript;
  agent: Agent | undefined;
  calls: ReadonlyMap<string, ToolCall>;
  waiting: ReadonlyArray<Outgoing>;
  onOlder: () => Promise<void>;
  /** Asks the same again, where writing is allowed. */
  onAsk: ((message: string) => void) | undefined;
  onAgain: (item: Outgoing) => void;
  onDiscard: (item: Outgoing) => void;
}

export function Conversation({ transcript, agent, calls, waiting, onOlder, onAsk, onAgain, onDiscard }: ConversationProps) {
  const { box, atEnd, toEnd, onScroll, keepPlace } = useStickToEnd();
  const shown = useMemo(() => transcript.messages.filter((message) => message.role !== "toolResult"), [transcript.messages]);
  const lastAsked = shown.findLast((message) => message.role === "user");
  const retry = onAsk && lastAsked ? () => onAsk(textOf(lastAsked)) : undefined;
  const lastId = shown.length > 0 ? messageId(shown.at(-1) as Message) : undefined;
  return (
    <div className="relative min-h-0 flex-1">
      {/* oxlint-disable jsx-a11y/no-noninteractive-tabindex -- a box that scrolls must be reachable by keyboard */}
      <div
        ref={box}
        role="log"
        aria-label={text.chat.conversation}
        aria-busy={isBusy(transcript)}
        tabIndex={0}
        onScroll={onScroll}
        className="relative h-full overflow-y-auto px-4 py-6 -outline-offset-2 sm:px-6"
      >
        <div className="mx-auto max-w-[46rem] space-y-6">
          {transcript.hasOlder && <Older onOlder={() => keepPlace(onOlder)} />}
          {shown.map((message) => (
            <article key={messageId(message)}>
              <MessageView message={message} agent={agent} calls={calls} onRetry={messageId(message) === lastId ? retry : undefined} />
            </article>
          ))}
          {transcript.runs.map((run) => (
            <LiveRunView key={run.runId} run={run} agent={agent} calls={calls} messages={transcript.messages} onRetry={retry} />
          ))}
          {waiting.map((item) => (
            <UserBubble key={item.runId} body={item.text} note={<WaitingNote item={item} onAgain={onAgain} onDiscard={onDiscard} />} />
          ))}
        </div>
      </div>
      {!atEnd && (
        <Button small icon={ArrowDown} onClick={toEnd} className="absolute bottom-3 left-1/2 -translate-x-1/2 shadow-float">
          {text.chat.toEnd}
        </Button>
      )}
    </div>
  );
}

function Older({ onOlder }: { onOlder: () => Promise<void> }) {
  const [loading, setLoading] = useState(false);
  const load = async () => {
    setLoading(true);
    await onOlder().catch((error: unknown) => toast(explain(error).body, true));
    setLoading(false);
  };
  return (
    <div className="text-center">
      <Button small look="ghost" busy={loading} onClick={load}>
        {text.chat.older}
      </Button>
    </div>
  );
}

interface WaitingProps {
  item: Outgoing;
  onAgain: (item: Outgoing) => void;
  onDiscard: (item: Outgoing) => void;
}

function WaitingNote({ item, onAgain, onDiscard }: WaitingProps) {
  switch (item.state) {
    case "sending":
      return <p className="text-xs text-ink-3">{text.chat.sending}</p>;
    case "queued":
      return <p className="text-xs text-ink-3">{text.chat.queued}</p>;
    case "taken":
      return null;
    case "failed":
      return (
        <p role="alert" className="flex flex-wrap items-center justify-end gap-2 text-xs text-danger-ink">
          <span className="font-medium">{text.chat.notSent}.</span> {item.problem}
          <Button small look="ghost" onClick={() => onAgain(item)}>
            {text.chat.sendAgain}
          </Button>
          <Button small look="ghost" onClick={() => onDiscard(item)}>
            {text.chat.discard}
          </Button>
        </p>
      );
  }
}
