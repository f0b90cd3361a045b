import { useNavigate } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";
import { Button } from "../../components/Button";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { beyondFields, objection, useChecked } from "../../components/form";
import { FormError } from "../../components/FormError";
import { Card, Section } from "../../components/Page";
import { DateTime } from "../../components/Time";
import { toast } from "../../components/toast";
import { useAct, useMay, useWorkspace } from "../../rpc/hooks";
import type { AgentDetail } from "../../rpc/types";
import { text } from "../../text/en";
import { AgentFields, agentSchema } from "./AgentFields";

export function AgentProfile({ agent, mayChange }: { agent: AgentDetail; mayChange: boolean }) {
  const may = useMay();
  return (
    <div className="grid gap-6 lg:grid-cols-[minmax(0,1fr)_18rem]">
      <div>
        <Card className="p-5">
          <ProfileForm agent={agent} mayChange={mayChange} />
        </Card>
        {mayChange && may("agents.delete") && (
          <div className="mt-8">
            <DeleteAgent agent={agent} />
          </div>
        )}
      </div>
      <Card className="h-fit p-5">
        <dl className="space-y-3.5 text-sm">
          <Fact title={text.agents.id}>
            <code className="font-mono text-xs">{agent.id}</code>
          </Fact>
          <Fact title={text.common.created}>
            <DateTime at={agent.createdAt} />
          </Fact>
          <Fact title={text.agents.changed}>
            <DateTime at={agent.updatedAt} />
          </Fact>
          <Fact title={text.agents.visibility}>{text.agents.visibilities[agent.visibility]}</Fact>
        </dl>
      </Card>
    </div>
  );
}

function Fact({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div>
      <dt className="text-xs text-ink-3">{title}</dt>
      <dd className="mt-0.5">{children}</dd>
    </div>
  );
}

function ProfileForm({ agent, mayChange }: { agent: AgentDetail; mayChange: boolean }) {
  const form = useChecked(agentSchema, {
    name: agent.name,
    emoji: agent.identity.emoji ?? "",
    description: agent.description ?? "",
    model: agent.ownModel ?? "",
    visibility: agent.visibility,
  });
  const update = useAct("agents.update", {
    changes: ["agents.get", "agents.list"],
    onDone: () => {
      form.reset(form.getValues());
      toast(text.common.saved);
    },
  });
  const submit = form.handleSubmit(({ model, ...values }) =>
    update.mutate({ agentId: agent.id, ...values, model: model || null }, { onError: (error) => objection(form, error) }),
  );
  return (
    <form noValidate onSubmit={submit}>
      <AgentFields form={form} disabled={!mayChange} />
      <FormError error={beyondFields(form, update.error)} />
      <div className="mt-5">
        {mayChange ? (
          <Button type="submit" look="primary" busy={update.isPending} disabled={!form.formState.isDirty}>
            {text.common.save}
          </Button>
        ) : (
          <p className="text-sm text-ink-3">{text.agents.readOnly}</p>
        )}
      </div>
    </form>
  );
}

function DeleteAgent({ agent }: { agent: AgentDetail }) {
  const { workspace } = useWorkspace();
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const remove = useAct("agents.delete", {
    onDone: async () => {
      toast(text.agents.deleted(agent.name));
      await navigate({ to: "/w/$workspaceId/agents", params: { workspaceId: workspace.id } });
    },
  });
  return (
    <Section title={text.agents.dangerTitle}>
      <Card className="flex flex-wrap items-center justify-between gap-4 p-5">
        <p className="max-w-md min-w-0 text-ink-2">{agent.isDefault ? text.agents.defaultStays : text.agents.deleteBody}</p>
        {!agent.isDefault && (
          <Button look="danger" onClick={() => setAsking(true)}>
            {text.agents.deleteAction}
          </Button>
        )}
      </Card>
      {asking && (
        <ConfirmDialog
          title={text.agents.deleteTitle(agent.name)}
          consequence={text.agents.deleteBody}
          action={text.agents.deleteAction}
          typed={agent.name}
          pending={remove.isPending}
          error={remove.error}
          onConfirm={() => remove.mutate({ agentId: agent.id })}
          onClose={() => setAsking(false)}
        />
      )}
    </Section>
  );
}
