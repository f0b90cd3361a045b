import { Check, Copy } from "lucide-react";
import { useId, useState } from "react";
import { text } from "../text/en";
import { Button } from "./Button";

/** Something to take along: a secret, or a link. */
export function CopyField({ label, value }: { label: string; value: string }) {
  const id = useId();
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(value);
    setCopied(true);
  };
  return (
    <div>
      <label htmlFor={id} className="mb-1.5 block text-sm font-medium">
        {label}
      </label>
      <div className="flex gap-2">
        <input
          id={id}
          readOnly
          value={value}
          onFocus={(event) => event.target.select()}
          className="h-9 min-w-0 flex-1 rounded-lg border border-line-strong bg-sunken px-3 font-mono text-sm"
        />
        <Button icon={copied ? Check : Copy} onClick={copy}>
          {copied ? text.common.copied : text.common.copy}
        </Button>
      </div>
      <p role="status" className="sr-only">
        {copied && text.common.copied}
      </p>
    </div>
  );
}
