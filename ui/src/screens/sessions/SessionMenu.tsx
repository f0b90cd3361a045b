import { Archive, ArchiveRestore, Ellipsis, Pencil, Pin, PinOff, Trash2 } from "lucide-react";
import { useState } from "react";
import { Button, IconButton } from "../../components/Button";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { Dialog, DialogActions } from "../../components/Dialog";
import { TextField } from "../../components/Field";
import { beyondFields, objection, rules, useChecked, z } from "../../components/form";
import { FormError } from "../../components/FormError";
import { Menu, MenuItem, MenuLine } from "../../components/Menu";
import { toast } from "../../components/toast";
import { useAct, useMay, useMe, useWorkspace } from "../../rpc/hooks";
import type { SessionRow } from "../../rpc/types";
import { explain } from "../../text/explain";
import { text } from "../../text/en";
import { titleOf } from "./title";

export function SessionMenu({ session, onDeleted }: { session: SessionRow; onDeleted?: () => void }) {
  const { workspace } = useWorkspace();
  const { person } = useMe();
  const may = useMay();
  const [asking, setAsking] = useState<"rename" | "delete">();
  const patch = useAct("sessions.patch", { changes: ["sessions.list"] });
  // A session without an owner (made by a program) is the workspace's.
  const isOwn = workspace.role === "admin" || session.createdBy === person.id;
  if (!may("sessions.patch") || !isOwn) return null;

  const change = (fields: { archived?: boolean; pinned?: boolean }, said?: string) =>
    patch.mutate({ key: session.key, ...fields }, { onSuccess: () => said && toast(said), onError: (error) => toast(explain(error).body, true) });
  return (
    <>
      <Menu trigger={<IconButton icon={Ellipsis} label={text.common.moreFor(titleOf(session))} />}>
        <MenuItem icon={Pencil} onSelect={() => setAsking("rename")}>
          {text.common.rename}
        </MenuItem>
        <MenuItem icon={session.pinned ? PinOff : Pin} onSelect={() => change({ pinned: !session.pinned })}>
          {session.pinned ? text.sessions.unpin : text.sessions.pin}
        </MenuItem>
        <MenuItem
          icon={session.archived ? ArchiveRestore : Archive}
          onSelect={() => change({ archived: !session.archived }, session.archived ? text.sessions.unarchivedDone : text.sessions.archivedDone)}
        >
          {session.archived ? text.sessions.unarchive : text.sessions.archive}
        </MenuItem>
        {!session.isMain && (
          <>
            <MenuLine />
            <MenuItem danger icon={Trash2} onSelect={() => setAsking("delete")}>
              {text.common.delete}
            </MenuItem>
          </>
        )}
      </Menu>
      {asking === "rename" && <Rename session={session} onClose={() => setAsking(undefined)} />}
      {asking === "delete" && <Delete session={session} onClose={() => setAsking(undefined)} onDeleted={onDeleted} />}
    </>
  );
}

const schema = z.object({ label: rules.text(120) });

function Rename({ session, onClose }: { session: SessionRow; onClose: () => void }) {
  const form = useChecked(schema, { label: titleOf(session) });
  const rename = useAct("sessions.patch", {
    changes: ["sessions.list"],
    onDone: () => {
      toast(text.sessions.renamed);
      onClose();
    },
  });
  const submit = form.handleSubmit(({ label }) => rename.mutate({ key: session.key, label }, { onError: (error) => objection(form, error) }));
  return (
    <Dialog open onClose={onClose} title={text.sessions.renameTitle}>
      <form noValidate onSubmit={submit}>
        <TextField label={text.sessions.label} error={form.formState.errors.label?.message} {...form.register("label")} />
        <FormError error={beyondFields(form, rename.error)} />
        <DialogActions>
          <Button onClick={onClose}>{text.common.cancel}</Button>
          <Button type="submit" look="primary" busy={rename.isPending}>
            {text.common.rename}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

interface DeleteProps {
  session: SessionRow;
  onClose: () => void;
  onDeleted: (() => void) | undefined;
}

function Delete({ session, onClose, onDeleted }: DeleteProps) {
  const remove = useAct("sessions.delete", {
    onDone: () => {
      toast(text.sessions.deleted);
      onClose();
      onDeleted?.();
    },
    changes: ["sessions.list", "workspaces.get"],
  });
  return (
    <ConfirmDialog
      title={text.sessions.deleteTitle}
      consequence={text.sessions.deleteBody(titleOf(session))}
      action={text.common.delete}
      pending={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate({ key: session.key })}
      onClose={onClose}
    />
  );
}
