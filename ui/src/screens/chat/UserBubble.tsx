import { FileText } from "lucide-react";
import type { ReactNode } from "react";
import type { Message } from "../../rpc/types";
import { text } from "../../text/en";

interface BubbleProps {
  body: string;
  /** Whose words they are, where they are somebody else's. */
  by?: string | undefined;
  files?: Message["attachments"];
  note?: ReactNode;
}

export function UserBubble({ body, by, files, note }: BubbleProps) {
  return (
    <div className="flex flex-col items-end gap-1">
      {by && <span aria-hidden className="px-1 text-xs text-ink-3">{by}</span>}
      <div className="max-w-[85%] rounded-2xl rounded-br-md bg-accent-soft px-4 py-2.5 whitespace-pre-wrap">
        <span className="sr-only">{by ?? text.chat.personSaid}: </span>
        {body}
      </div>
      {files?.map((file) => (
        <AttachedFile key={file.fileName} file={file} />
      ))}
      {note}
    </div>
  );
}

function AttachedFile({ file }: { file: NonNullable<Message["attachments"]>[number] }) {
  return (
    <details className="max-w-[85%] min-w-0 rounded-lg border border-line bg-sunken text-sm">
      <summary className="flex list-none items-center gap-2 rounded-lg px-2.5 py-1.5 [&::-webkit-details-marker]:hidden">
        <FileText aria-hidden className="size-3.5 shrink-0 text-ink-3" />
        <span className="min-w-0 truncate">{file.fileName}</span>
      </summary>
      {/* A box that may scroll must be reachable by keyboard. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <pre tabIndex={0} className="max-h-72 overflow-auto border-t border-line p-2.5 font-mono text-xs whitespace-pre-wrap">
        {file.text}
      </pre>
    </details>
  );
}
