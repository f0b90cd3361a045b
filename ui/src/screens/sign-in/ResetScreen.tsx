// A person who was given a reset link chooses a new password.
import { useNavigate } from "@tanstack/react-router";
import { Link2Off } from "lucide-react";
import { useFragmentToken } from "../../app/fragment";
import { Button } from "../../components/Button";
import { EmptyState } from "../../components/EmptyState";
import { TextField } from "../../components/Field";
import { beyondFields, objection, PASSWORD_LENGTH, rules, useChecked, z } from "../../components/form";
import { FormError } from "../../components/FormError";
import { toast } from "../../components/toast";
import { useAct } from "../../rpc/hooks";
import { forgetPerson } from "../../rpc/query-client";
import { text } from "../../text/en";
import { SignInPage } from "./SignInPage";

const schema = z
  .object({ newPassword: rules.newPassword(), repeat: rules.given() })
  .check(z.refine((values) => values.newPassword === values.repeat, { path: ["repeat"], error: text.fields.passwordsDiffer }));

export function ResetScreen() {
  const token = useFragmentToken("token");
  if (token) return <ResetForm token={token} />;
  return (
    <SignInPage title={text.reset.title}>
      <EmptyState icon={Link2Off} title={text.reset.noToken} body={text.reset.noTokenBody} />
    </SignInPage>
  );
}

function ResetForm({ token }: { token: string }) {
  const navigate = useNavigate();
  const form = useChecked(schema, { newPassword: "", repeat: "" });
  const reset = useAct("accounts.password.reset", {
    onDone: async () => {
      forgetPerson();
      toast(text.reset.done);
      await navigate({ to: "/login", replace: true });
    },
  });
  const { errors } = form.formState;
  const submit = form.handleSubmit(({ newPassword }) => reset.mutate({ token, newPassword }, { onError: (error) => objection(form, error) }));
  return (
    <SignInPage title={text.reset.title} lead={text.reset.lead}>
      <form noValidate className="space-y-4" onSubmit={submit}>
        <TextField
          label={text.reset.newPassword}
          type="password"
          autoComplete="new-password"
          hint={text.fields.passwordHint(PASSWORD_LENGTH)}
          error={errors.newPassword?.message}
          {...form.register("newPassword")}
        />
        <TextField label={text.reset.repeat} type="password" autoComplete="new-password" error={errors.repeat?.message} {...form.register("repeat")} />
        <FormError error={beyondFields(form, reset.error)} />
        <Button type="submit" look="primary" className="w-full" busy={reset.isPending}>
          {text.reset.action}
        </Button>
      </form>
    </SignInPage>
  );
}
