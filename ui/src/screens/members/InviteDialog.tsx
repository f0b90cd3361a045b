import { useState } from "react";
import { Button } from "../../components/Button";
import { CopyField } from "../../components/CopyField";
import { Dialog, DialogActions } from "../../components/Dialog";
import { SelectField, TextField } from "../../components/Field";
import { beyondFields, objection, rules, useChecked, z } from "../../components/form";
import { FormError } from "../../components/FormError";
import { useAct } from "../../rpc/hooks";
import { text } from "../../text/en";

const DAYS = ["1", "7", "14", "30"] as const;
const schema = z.object({ email: rules.optionalEmail(), role: z.enum(["viewer", "member", "admin"]), days: z.enum(DAYS) });

export function InviteDialog({ onClose }: { onClose: () => void }) {
  const [link, setLink] = useState<string>();
  if (link !== undefined) {
    return (
      <Dialog open onClose={onClose} title={text.members.link} description={text.members.linkOnce}>
        <CopyField label={text.members.link} value={link} />
        <DialogActions>
          <Button look="primary" onClick={onClose}>
            {text.members.done}
          </Button>
        </DialogActions>
      </Dialog>
    );
  }
  return (
    <Dialog open onClose={onClose} title={text.members.inviteTitle} description={text.members.inviteLead}>
      <InviteForm onClose={onClose} onLink={setLink} />
    </Dialog>
  );
}

function InviteForm({ onClose, onLink }: { onClose: () => void; onLink: (link: string) => void }) {
  const form = useChecked(schema, { email: "", role: "member", days: "7" });
  const invite = useAct("invites.create", {
    changes: ["invites.list"],
    onDone: ({ path }) => onLink(window.location.origin + path),
  });
  const role = form.watch("role");
  const submit = form.handleSubmit(({ email, role: asRole, days }) =>
    invite.mutate({ role: asRole, expiresInDays: Number(days), ...(email && { email }) }, { onError: (error) => objection(form, error) }),
  );
  return (
    <form noValidate className="space-y-4" onSubmit={submit}>
      <TextField
        label={text.members.inviteEmail}
        optional
        type="email"
        hint={text.members.inviteEmailHint}
        error={form.formState.errors.email?.message}
        {...form.register("email")}
      />
      <SelectField label={text.roles.label} hint={text.roles.hints[role]} {...form.register("role")}>
        {(["viewer", "member", "admin"] as const).map((one) => (
          <option key={one} value={one}>
            {text.roles.names[one]}
          </option>
        ))}
      </SelectField>
      <SelectField label={text.members.days} {...form.register("days")}>
        {DAYS.map((days) => (
          <option key={days} value={days}>
            {text.members.dayCount(Number(days))}
          </option>
        ))}
      </SelectField>
      <FormError error={beyondFields(form, invite.error)} />
      <DialogActions>
        <Button onClick={onClose}>{text.common.cancel}</Button>
        <Button type="submit" look="primary" busy={invite.isPending}>
          {text.members.inviteAction}
        </Button>
      </DialogActions>
    </form>
  );
}
