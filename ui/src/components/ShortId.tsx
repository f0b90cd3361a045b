import { text } from "../text/en";
import { toast } from "./toast";

const SHORT = 14;

/** An id where its whole length would only be noise. A press copies all of it. */
export function ShortId({ id }: { id: string }) {
  const copy = async () => {
    await navigator.clipboard.writeText(id);
    toast(text.common.copied);
  };
  const short = id.length > SHORT ? `${id.slice(0, 4)}…${id.slice(-6)}` : id;
  return (
    <button type="button" title={id} aria-label={text.common.copyId(id)} onClick={copy} className="rounded font-mono text-xs whitespace-nowrap text-ink-2 hover:underline">
      {short}
    </button>
  );
}
