import { useNavigate } from "@tanstack/react-router";
import { Button } from "../../components/Button";
import { TextField } from "../../components/Field";
import { beyondFields, objection, PASSWORD_LENGTH, rules, useChecked, z } from "../../components/form";
import { FormError } from "../../components/FormError";
import { useAct } from "../../rpc/hooks";
import { adoptGrant } from "../../rpc/query-client";
import { text } from "../../text/en";

const schema = z.object({ name: rules.text(), email: rules.email(), password: rules.newPassword() });

interface SignUpFormProps {
  bootstrapToken?: string | undefined;
  inviteToken?: string | undefined;
}

export function SignUpForm({ bootstrapToken, inviteToken }: SignUpFormProps) {
  const navigate = useNavigate();
  const form = useChecked(schema, { name: "", email: "", password: "" });
  const signUp = useAct("accounts.signup", {
    changes: ["accounts.state"],
    onDone: async (grant) => {
      adoptGrant(grant);
      const workspaceId = grant.workspaces[0]?.id;
      if (workspaceId) await navigate({ to: "/w/$workspaceId", params: { workspaceId }, replace: true });
      else await navigate({ to: "/workspaces", replace: true });
    },
  });
  const { errors } = form.formState;
  const submit = form.handleSubmit((values) =>
    signUp.mutate(
      { ...values, ...(bootstrapToken && { bootstrapToken }), ...(inviteToken && { inviteToken }) },
      { onError: (error) => objection(form, error) },
    ),
  );
  return (
    <form noValidate className="space-y-4" onSubmit={submit}>
      <TextField label={text.signUp.yourName} autoComplete="name" error={errors.name?.message} {...form.register("name")} />
      <TextField label={text.common.email} type="email" autoComplete="username" error={errors.email?.message} {...form.register("email")} />
      <TextField
        label={text.common.password}
        type="password"
        autoComplete="new-password"
        hint={text.fields.passwordHint(PASSWORD_LENGTH)}
        error={errors.password?.message}
        {...form.register("password")}
      />
      <FormError error={beyondFields(form, signUp.error)} />
      <Button type="submit" look="primary" className="w-full" busy={signUp.isPending}>
        {text.signUp.action}
      </Button>
    </form>
  );
}
