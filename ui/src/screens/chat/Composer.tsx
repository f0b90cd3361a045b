import { ArrowUp, FileText, Paperclip, Square, X } from "lucide-react";
import { useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { IconButton } from "../../components/Button";
import { toast } from "../../components/toast";
import { text } from "../../text/en";
import { readTextFile, type TextFile } from "./text-files";

interface ComposerProps {
  label: string;
  onSend: (message: string, files: ReadonlyArray<TextFile>) => void;
  /** Present while an answer is being written. */
  onStop?: (() => void) | undefined;
  stopping?: boolean;
  sending?: boolean;
  /** Left of the buttons: whom one writes to. */
  children?: ReactNode;
}

// One message is one frame, and a frame holds 1 MiB.
const MOST_BASE64 = 800_000;

const READABLE = "text/*,.md,.txt,.csv,.json,.yaml,.yml,.toml,.xml,.html,.log,.sql,.ts,.js,.py,.rs,.go,.java,.sh";

export function Composer({ label, onSend, onStop, stopping, sending, children }: ComposerProps) {
  const [message, setMessage] = useState("");
  const [files, setFiles] = useState<ReadonlyArray<TextFile>>([]);
  const empty = message.trim() === "";

  const send = () => {
    if (empty || sending) return;
    onSend(message.trim(), files);
    setMessage("");
    setFiles([]);
  };
  const attach = (file: TextFile) => {
    const next = [...files.filter((one) => one.name !== file.name), file];
    if (next.reduce((sum, one) => sum + one.base64.length, 0) > MOST_BASE64) toast(text.chat.filesTooLarge, true);
    else setFiles(next);
  };
  const keyDown = (event: KeyboardEvent) => {
    // While an input method is composing, Enter belongs to it.
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };
  return (
    <form
      className="rounded-2xl border border-line-strong bg-surface shadow-card focus-within:border-ink-3"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <Files files={files} onRemove={(gone) => setFiles(files.filter((file) => file !== gone))} />
      <textarea
        aria-label={label}
        placeholder={label}
        title={text.chat.sendHint}
        value={message}
        onChange={(event) => setMessage(event.target.value)}
        onKeyDown={keyDown}
        rows={1}
        className="block field-sizing-content max-h-52 min-h-11 w-full resize-none bg-transparent px-4 pt-3 pb-1 text-base outline-none"
      />
      <div className="flex items-center gap-1.5 px-2 pb-2">
        <AttachButton onFile={attach} />
        <div className="min-w-0 flex-1">{children}</div>
        {onStop && (
          <button
            type="button"
            onClick={onStop}
            disabled={stopping}
            className="inline-flex h-8 items-center gap-1.5 rounded-lg border border-line-strong px-2.5 text-sm font-medium hover:bg-hover disabled:text-ink-3"
          >
            <Square aria-hidden className="size-3 fill-current" />
            {stopping ? text.chat.stopping : text.chat.stop}
          </button>
        )}
        <button
          type="submit"
          aria-label={text.chat.send}
          title={text.chat.send}
          disabled={empty || sending}
          className="grid size-8 shrink-0 place-items-center rounded-lg bg-accent text-on-accent transition-colors hover:bg-accent-hover disabled:bg-hover disabled:text-ink-3"
        >
          <ArrowUp aria-hidden className="size-4" />
        </button>
      </div>
    </form>
  );
}

function Files({ files, onRemove }: { files: ReadonlyArray<TextFile>; onRemove: (file: TextFile) => void }) {
  if (files.length === 0) return null;
  return (
    <ul className="flex flex-wrap gap-2 px-3 pt-3">
      {files.map((file) => (
        <li key={file.name} className="flex min-w-0 items-center gap-1.5 rounded-lg bg-sunken py-0.5 pl-2.5 text-sm">
          <FileText aria-hidden className="size-3.5 shrink-0 text-ink-3" />
          <span className="truncate">{file.name}</span>
          <IconButton icon={X} label={text.chat.removeFile(file.name)} onClick={() => onRemove(file)} className="size-7!" />
        </li>
      ))}
    </ul>
  );
}

function AttachButton({ onFile }: { onFile: (file: TextFile) => void }) {
  const input = useRef<HTMLInputElement>(null);
  const choose = async (chosen: FileList | null) => {
    for (const file of chosen ?? []) {
      const read = await readTextFile(file);
      if ("problem" in read) toast(read.problem, true);
      else onFile(read);
    }
    if (input.current) input.current.value = "";
  };
  return (
    <>
      <input ref={input} type="file" multiple hidden accept={READABLE} onChange={(event) => void choose(event.target.files)} />
      <IconButton icon={Paperclip} label={text.chat.attach} onClick={() => input.current?.click()} />
    </>
  );
}
