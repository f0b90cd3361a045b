// An admin names or deletes the workspace; anyone may leave it.
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { Button } from "../../components/Button";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { CopyField } from "../../components/CopyField";
import { TextField } from "../../components/Field";
import { beyondFields, objection, rules, useChecked, z } from "../../components/form";
import { FormError } from "../../components/FormError";
import { Card, Page, Section } from "../../components/Page";
import { toast } from "../../components/toast";
import { useAct, useMay, useWorkspace } from "../../rpc/hooks";
import { meQuery, queryClient } from "../../rpc/query-client";
import { text } from "../../text/en";

export function SettingsScreen() {
  const may = useMay();
  const { workspace } = useWorkspace();
  return (
    <Page narrow title={text.settings.title} lead={text.settings.lead}>
      <Section title={text.settings.general}>
        <Card className="space-y-5 p-5">
          <NameForm mayRename={may("workspaces.rename")} />
          <div>
            <CopyField label={text.settings.id} value={workspace.id} />
            <p className="mt-1.5 text-xs text-ink-3">{text.settings.idHint}</p>
          </div>
        </Card>
      </Section>
      {may("members.leave") && <Leave />}
      {may("workspaces.delete") && <Delete />}
    </Page>
  );
}

/** Goes away first and asks for the list of workspaces then, so that no screen is left without its workspace. */
async function departFor(navigation: Promise<void>): Promise<void> {
  await navigation;
  await queryClient.invalidateQueries({ queryKey: meQuery.queryKey });
}

const schema = z.object({ name: rules.text(80) });

function NameForm({ mayRename }: { mayRename: boolean }) {
  const { workspace } = useWorkspace();
  const form = useChecked(schema, { name: workspace.name });
  const rename = useAct("workspaces.rename", {
    changes: ["accounts.me", "workspaces.get"],
    onDone: ({ name }) => {
      form.reset({ name });
      toast(text.common.saved);
    },
  });
  return (
    <form noValidate onSubmit={form.handleSubmit((values) => rename.mutate(values, { onError: (error) => objection(form, error) }))}>
      <div className="flex items-end gap-2">
        <div className="min-w-0 flex-1">
          <TextField
            label={text.common.name}
            disabled={!mayRename}
            hint={mayRename ? undefined : text.settings.onlyAdmins}
            error={form.formState.errors.name?.message}
            {...form.register("name")}
          />
        </div>
        {mayRename && (
          <Button type="submit" busy={rename.isPending} disabled={!form.formState.isDirty}>
            {text.common.rename}
          </Button>
        )}
      </div>
      <FormError error={beyondFields(form, rename.error)} />
    </form>
  );
}

function Leave() {
  const { workspace } = useWorkspace();
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const leave = useAct("members.leave", {
    onDone: () => {
      toast(text.settings.left(workspace.name));
      return departFor(navigate({ to: "/workspaces" }));
    },
  });
  return (
    <Section title={text.settings.leave}>
      <Card className="flex flex-wrap items-center justify-between gap-4 p-5">
        <p className="max-w-md min-w-0 text-ink-2">{text.settings.leaveBody}</p>
        <Button onClick={() => setAsking(true)}>{text.settings.leaveAction}</Button>
      </Card>
      {asking && (
        <ConfirmDialog
          title={text.settings.leaveTitle(workspace.name)}
          consequence={text.settings.leaveBody}
          action={text.settings.leaveAction}
          pending={leave.isPending}
          error={leave.error}
          onConfirm={() => leave.mutate({})}
          onClose={() => setAsking(false)}
        />
      )}
    </Section>
  );
}

function Delete() {
  const { workspace } = useWorkspace();
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const remove = useAct("workspaces.delete", {
    onDone: () => {
      toast(text.settings.deleted(workspace.name));
      return departFor(navigate({ to: "/workspaces" }));
    },
  });
  return (
    <Section title={text.settings.danger}>
      <Card className="flex flex-wrap items-center justify-between gap-4 p-5">
        <p className="max-w-md min-w-0 text-ink-2">{text.settings.dangerBody}</p>
        <Button look="danger" onClick={() => setAsking(true)}>
          {text.settings.deleteAction}
        </Button>
      </Card>
      {asking && (
        <ConfirmDialog
          title={text.settings.deleteTitle(workspace.name)}
          consequence={text.settings.dangerBody}
          action={text.settings.deleteAction}
          typed={workspace.name}
          pending={remove.isPending}
          error={remove.error}
          onConfirm={() => remove.mutate({ confirmName: workspace.name })}
          onClose={() => setAsking(false)}
        />
      )}
    </Section>
  );
}
