import { useState } from "react";
import { Button } from "../../components/Button";
import { CopyField } from "../../components/CopyField";
import { Dialog, DialogActions } from "../../components/Dialog";
import { CheckField, SelectField, TextField } from "../../components/Field";
import { beyondFields, objection, rules, useChecked, z } from "../../components/form";
import { FormError } from "../../components/FormError";
import { useAct, useWorkspace } from "../../rpc/hooks";
import type { KeyScope, Role } from "../../rpc/types";
import { text } from "../../text/en";

const SCOPES = ["read", "write", "admin"] as const;
const KINDS = ["api", "service"] as const;
const EXPIRY = ["", "7", "30", "90", "365"] as const;

// A key never holds more than the person who makes it.
const SCOPES_OF_ROLE: Record<Role, ReadonlyArray<KeyScope>> = { viewer: ["read"], member: ["read", "write"], admin: SCOPES };

const schema = z.object({
  name: rules.text(80),
  kind: z.enum(KINDS),
  scopes: z.array(z.enum(SCOPES)).check(z.minLength(1, text.fields.chooseOne)),
  expiry: z.enum(EXPIRY),
});

export function KeyDialog({ onClose }: { onClose: () => void }) {
  const [secret, setSecret] = useState<string>();
  if (secret !== undefined) {
    return (
      <Dialog open onClose={onClose} title={text.keys.secretTitle} description={text.keys.secretLead}>
        <CopyField label={text.keys.secret} value={secret} />
        <DialogActions>
          <Button look="primary" onClick={onClose}>
            {text.keys.done}
          </Button>
        </DialogActions>
      </Dialog>
    );
  }
  return (
    <Dialog open onClose={onClose} title={text.keys.createTitle}>
      <KeyForm onClose={onClose} onSecret={setSecret} />
    </Dialog>
  );
}

function KeyForm({ onClose, onSecret }: { onClose: () => void; onSecret: (secret: string) => void }) {
  const { workspace } = useWorkspace();
  const form = useChecked(schema, { name: "", kind: "api", scopes: ["read"], expiry: "90" });
  const { errors } = form.formState;
  const kind = form.watch("kind");
  const create = useAct("apiKeys.create", { changes: ["apiKeys.list"], onDone: ({ secret }) => onSecret(secret) });
  const submit = form.handleSubmit(({ expiry, ...values }) =>
    create.mutate({ ...values, ...(expiry && { expiresInDays: Number(expiry) }) }, { onError: (error) => objection(form, error) }),
  );
  return (
    <form noValidate className="space-y-4" onSubmit={submit}>
      <TextField label={text.common.name} placeholder={text.keys.namePlaceholder} error={errors.name?.message} {...form.register("name")} />
      <fieldset>
        <legend className="mb-2 text-sm font-medium">{text.keys.scopes}</legend>
        <div className="space-y-2.5">
          {SCOPES_OF_ROLE[workspace.role].map((scope) => (
            <CheckField key={scope} label={text.keys.scopeNames[scope]} hint={text.keys.scopeHints[scope]} value={scope} {...form.register("scopes")} />
          ))}
        </div>
        {errors.scopes && (
          <p role="alert" className="mt-1.5 text-xs font-medium text-danger-ink">
            {errors.scopes.message}
          </p>
        )}
      </fieldset>
      {workspace.role === "admin" && (
        <SelectField label={text.keys.kind} hint={text.keys.kindHints[kind]} {...form.register("kind")}>
          {KINDS.map((one) => (
            <option key={one} value={one}>
              {text.keys.kinds[one]}
            </option>
          ))}
        </SelectField>
      )}
      <SelectField label={text.keys.expiry} {...form.register("expiry")}>
        {EXPIRY.map((days) => (
          <option key={days} value={days}>
            {days ? text.members.dayCount(Number(days)) : text.keys.noExpiry}
          </option>
        ))}
      </SelectField>
      <FormError error={beyondFields(form, create.error)} />
      <DialogActions>
        <Button onClick={onClose}>{text.common.cancel}</Button>
        <Button type="submit" look="primary" busy={create.isPending}>
          {text.common.create}
        </Button>
      </DialogActions>
    </form>
  );
}
