import { Badge } from "../../components/Badge";
import { Button } from "../../components/Button";
import type { Message } from "../../rpc/types";
import { text } from "../../text/en";

/** How an answer ended, where that was not by itself. */
export function Ending({ message, onRetry }: { message: Message; onRetry: (() => void) | undefined }) {
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
    case "length":
      return (
        <p className="mt-2">
          <Badge tone="warn">{text.chat.cutShort}</Badge>
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
