// A person chooses the workspace to work in, or starts a new one.
import { Link, useNavigate } from "@tanstack/react-router";
import { Building2, ChevronRight, Plus } from "lucide-react";
import { useState } from "react";
import { Avatar } from "../../components/Avatar";
import { Badge } from "../../components/Badge";
import { Button } from "../../components/Button";
import { Dialog, DialogActions } from "../../components/Dialog";
import { EmptyState } from "../../components/EmptyState";
import { TextField } from "../../components/Field";
import { beyondFields, objection, rules, useChecked, z } from "../../components/form";
import { FormError } from "../../components/FormError";
import { Card, Page } from "../../components/Page";
import { useAct, useMe } from "../../rpc/hooks";
import { text } from "../../text/en";
import { date } from "../../text/format";

export function WorkspacesScreen() {
  const { workspaces } = useMe();
  const [creating, setCreating] = useState(false);
  const create = (
    <Button look="primary" icon={Plus} onClick={() => setCreating(true)}>
      {text.workspaces.create}
    </Button>
  );
  return (
    <Page narrow title={text.workspaces.title} lead={text.workspaces.lead} actions={workspaces.length > 0 && create}>
      <Card>
        {workspaces.length === 0 ? (
          <EmptyState icon={Building2} title={text.workspaces.empty} body={text.workspaces.emptyBody} action={create} />
        ) : (
          <ul className="divide-y divide-line">
            {workspaces.map((one) => (
              <li key={one.id}>
                <Link to="/w/$workspaceId" params={{ workspaceId: one.id }} className="group flex items-center gap-3.5 px-4 py-3.5 -outline-offset-2 hover:bg-sunken">
                  <Avatar name={one.name} square />
                  <span className="min-w-0 flex-1">
                    <span className="block truncate font-medium">{one.name}</span>
                    <span className="block text-sm text-ink-3">
                      {text.roles.names[one.role]} · {text.workspaces.since} {date(one.createdAt)}
                    </span>
                  </span>
                  {one.grantExpiresAt !== undefined && <Badge tone="warn">{text.workspaces.temporary}</Badge>}
                  <ChevronRight aria-hidden className="size-4 text-ink-3 transition-transform group-hover:translate-x-0.5" />
                </Link>
              </li>
            ))}
          </ul>
        )}
      </Card>
      {creating && <CreateWorkspace onClose={() => setCreating(false)} />}
    </Page>
  );
}

const schema = z.object({ name: rules.text(80) });

function CreateWorkspace({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate();
  const form = useChecked(schema, { name: "" });
  const create = useAct("workspaces.create", {
    changes: ["accounts.me"],
    onDone: ({ id }) => navigate({ to: "/w/$workspaceId", params: { workspaceId: id } }),
  });
  return (
    <Dialog open onClose={onClose} title={text.workspaces.create} description={text.workspaces.createLead}>
      <form noValidate onSubmit={form.handleSubmit((values) => create.mutate(values, { onError: (error) => objection(form, error) }))}>
        <TextField label={text.common.name} placeholder={text.workspaces.namePlaceholder} error={form.formState.errors.name?.message} {...form.register("name")} />
        <FormError error={beyondFields(form, create.error)} />
        <DialogActions>
          <Button onClick={onClose}>{text.common.cancel}</Button>
          <Button type="submit" look="primary" busy={create.isPending}>
            {text.common.create}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
