import { useBlocker } from "@tanstack/react-router";
import { Trash2 } from "lucide-react";
import { useState } from "react";
import { Button, IconButton } from "../../components/Button";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { ErrorState } from "../../components/ErrorState";
import { FormError } from "../../components/FormError";
import { Card } from "../../components/Page";
import { toast } from "../../components/toast";
import { useAct, useServer } from "../../rpc/hooks";
import { text } from "../../text/en";

interface FileEditorProps {
  agentId: string;
  name: string;
  mayChange: boolean;
}

export function FileEditor({ agentId, name, mayChange }: FileEditorProps) {
  const file = useServer("agents.files.get", { agentId, name });
  // Undefined until something is typed: then what the server has stays what is shown, also when it changes.
  const [draft, setDraft] = useState<string>();
  const [deleting, setDeleting] = useState(false);
  const save = useAct("agents.files.set", {
    changes: ["agents.files.get", "agents.files.list"],
    onDone: () => {
      setDraft(undefined);
      toast(text.files.saved(name));
    },
  });
  const stored = file.data?.file.content ?? "";
  const dirty = draft !== undefined && draft !== stored;
  useBlocker({ shouldBlockFn: () => dirty && !window.confirm(text.files.leave), enableBeforeUnload: () => dirty });

  if (file.isError) return <ErrorState error={file.error} onRetry={file.refetch} />;
  if (!file.data) return <div className="skeleton h-72 rounded-xl" />;
  return (
    <Card className="flex min-w-0 flex-col">
      <div className="flex items-center justify-between gap-3 border-b border-line py-2 pr-2 pl-4">
        <h2 className="font-mono text-sm font-medium">{name}</h2>
        {mayChange && !file.data.file.missing && (
          <IconButton icon={Trash2} label={`${text.common.delete} ${name}`} onClick={() => setDeleting(true)} />
        )}
      </div>
      <textarea
        aria-label={text.files.content(name)}
        readOnly={!mayChange}
        value={draft ?? stored}
        onChange={(event) => setDraft(event.target.value)}
        placeholder={text.files.placeholder}
        spellCheck={false}
        className="min-h-[24rem] w-full resize-y bg-transparent px-4 py-3 font-mono text-sm leading-relaxed -outline-offset-2"
      />
      {mayChange && (
        <div className="border-t border-line px-4 py-3">
          <div className="flex flex-wrap items-center justify-end gap-2">
            {dirty && <p className="mr-auto text-sm text-ink-3">{text.files.unsaved}</p>}
            <Button disabled={!dirty} onClick={() => setDraft(undefined)}>
              {text.files.undo}
            </Button>
            <Button look="primary" disabled={!dirty} busy={save.isPending} onClick={() => save.mutate({ agentId, name, content: draft ?? "" })}>
              {text.files.save}
            </Button>
          </div>
          <FormError error={save.error} />
        </div>
      )}
      {deleting && <DeleteFile agentId={agentId} name={name} onClose={() => setDeleting(false)} />}
    </Card>
  );
}

function DeleteFile({ agentId, name, onClose }: { agentId: string; name: string; onClose: () => void }) {
  const remove = useAct("agents.files.delete", {
    changes: ["agents.files.list", "agents.files.get"],
    onDone: () => {
      toast(text.files.deleted(name));
      onClose();
    },
  });
  return (
    <ConfirmDialog
      title={text.files.deleteTitle(name)}
      consequence={text.files.deleteBody}
      action={text.common.delete}
      pending={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate({ agentId, name })}
      onClose={onClose}
    />
  );
}
