import { useNavigate } from "@tanstack/react-router";
import { Button } from "../../components/Button";
import { Dialog, DialogActions } from "../../components/Dialog";
import { beyondFields, objection, useChecked } from "../../components/form";
import { FormError } from "../../components/FormError";
import { toast } from "../../components/toast";
import { useAct, useWorkspace } from "../../rpc/hooks";
import { text } from "../../text/en";
import { AgentFields, agentSchema } from "./AgentFields";

export function NewAgentDialog({ onClose }: { onClose: () => void }) {
  const { workspace } = useWorkspace();
  const navigate = useNavigate();
  const form = useChecked(agentSchema, { name: "", emoji: "", description: "", model: "", visibility: "workspace" });
  const create = useAct("agents.create", {
    changes: ["agents.list", "workspaces.get"],
    onDone: ({ agentId, name }) => {
      toast(text.agents.created(name));
      return navigate({ to: "/w/$workspaceId/agents/$agentId", params: { workspaceId: workspace.id, agentId } });
    },
  });
  const submit = form.handleSubmit(({ name, visibility, ...rest }) => {
    const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== ""));
    create.mutate({ name, visibility, ...given }, { onError: (error) => objection(form, error) });
  });
  return (
    <Dialog open onClose={onClose} title={text.agents.createTitle}>
      <form noValidate onSubmit={submit}>
        <AgentFields form={form} />
        <FormError error={beyondFields(form, create.error)} />
        <DialogActions>
          <Button onClick={onClose}>{text.common.cancel}</Button>
          <Button type="submit" look="primary" busy={create.isPending}>
            {text.agents.createAction}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
