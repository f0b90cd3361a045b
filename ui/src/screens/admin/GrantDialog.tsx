import { useNavigate } from "@tanstack/react-router";
import { Button } from "../../components/Button";
import { Dialog, DialogActions } from "../../components/Dialog";
import { SelectField, TextArea } from "../../components/Field";
import { beyondFields, objection, rules, useChecked, z } from "../../components/form";
import { FormError } from "../../components/FormError";
import { useAct } from "../../rpc/hooks";
import { text } from "../../text/en";

const MINUTES = ["15", "30", "60", "120", "240"] as const;
const schema = z.object({ reason: rules.text(500), minutes: z.enum(MINUTES) });

export function GrantDialog({ workspaceId, workspaceName, onClose }: { workspaceId: string; workspaceName: string; onClose: () => void }) {
  const navigate = useNavigate();
  const form = useChecked(schema, { reason: "", minutes: "30" });
  const grant = useAct("grants.create", {
    changes: ["accounts.me", "grants.list"],
    onDone: () => navigate({ to: "/w/$workspaceId", params: { workspaceId } }),
  });
  const submit = form.handleSubmit(({ reason, minutes }) =>
    grant.mutate({ workspaceId, reason, minutes: Number(minutes) }, { onError: (error) => objection(form, error) }),
  );
  return (
    <Dialog open onClose={onClose} title={text.admin.enterTitle(workspaceName)} description={text.admin.enterLead}>
      <form noValidate className="space-y-4" onSubmit={submit}>
        <TextArea label={text.admin.reason} placeholder={text.admin.reasonPlaceholder} error={form.formState.errors.reason?.message} {...form.register("reason")} />
        <SelectField label={text.admin.minutes} {...form.register("minutes")}>
          {MINUTES.map((minutes) => (
            <option key={minutes} value={minutes}>
              {text.admin.minuteCount(Number(minutes))}
            </option>
          ))}
        </SelectField>
        <FormError error={beyondFields(form, grant.error)} />
        <DialogActions>
          <Button onClick={onClose}>{text.common.cancel}</Button>
          <Button type="submit" look="primary" busy={grant.isPending}>
            {text.admin.enterAction}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
