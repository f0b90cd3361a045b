import { Copy, TriangleAlert } from "lucide-react";
import { text } from "../text/en";
import { explain } from "../text/explain";
import { Button } from "./Button";
import { toast } from "./toast";

export function RequestId({ id }: { id: string }) {
  const copy = async () => {
    await navigator.clipboard.writeText(id);
    toast(text.common.copied);
  };
  return (
    <button type="button" onClick={copy} className="mt-1 inline-flex items-center gap-1.5 rounded font-mono text-xs underline-offset-2 hover:underline">
      <Copy aria-hidden className="size-3" />
      {text.errors.requestId(id)}
    </button>
  );
}

/** In place of what could not be shown: what failed, what to quote, and a way to try again. */
export function ErrorState({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { title, body, requestId } = explain(error);
  return (
    <div role="alert" className="mx-auto flex max-w-md flex-col items-center px-4 py-14 text-center">
      <span className="mb-4 grid size-11 place-items-center rounded-xl bg-danger-soft text-danger-ink">
        <TriangleAlert aria-hidden className="size-5" />
      </span>
      <h2 className="text-lg font-semibold">{title}</h2>
      <p className="mt-1 text-ink-2">{body}</p>
      {requestId && (
        <p className="text-ink-3">
          <RequestId id={requestId} />
        </p>
      )}
      {onRetry && (
        <Button className="mt-5" onClick={onRetry}>
          {text.common.retry}
        </Button>
      )}
    </div>
  );
}
