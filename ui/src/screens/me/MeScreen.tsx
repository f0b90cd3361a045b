// A person sees to their own name, password and sign-ins.
import { useQueryClient } from "@tanstack/react-query";
import { Button } from "../../components/Button";
import { TextField } from "../../components/Field";
import { beyondFields, objection, PASSWORD_LENGTH, rules, useChecked, z } from "../../components/form";
import { FormError } from "../../components/FormError";
import { Card, Page, Section } from "../../components/Page";
import { toast } from "../../components/toast";
import { CallError } from "../../rpc/errors";
import { rememberCsrfToken } from "../../rpc/http";
import { useAct, useMe } from "../../rpc/hooks";
import { methodKey, PERSON } from "../../rpc/keys";
import { text } from "../../text/en";
import { SignIns } from "./SignIns";

export function MeScreen() {
  return (
    <Page narrow title={text.me.title} lead={text.me.lead}>
      <Section title={text.me.profile}>
        <Card className="p-5">
          <ProfileForm />
        </Card>
      </Section>
      <Section title={text.me.password} lead={text.me.passwordLead}>
        <Card className="p-5">
          <PasswordForm />
        </Card>
      </Section>
      <SignIns />
    </Page>
  );
}

const profile = z.object({ name: rules.text() });

function ProfileForm() {
  const { person } = useMe();
  const form = useChecked(profile, { name: person.name });
  const update = useAct("accounts.update", {
    changes: ["accounts.me"],
    onDone: (result) => {
      form.reset({ name: result.person.name });
      toast(text.common.saved);
    },
  });
  return (
    <form noValidate className="space-y-4" onSubmit={form.handleSubmit((values) => update.mutate(values, { onError: (error) => objection(form, error) }))}>
      <TextField label={text.common.name} autoComplete="name" error={form.formState.errors.name?.message} {...form.register("name")} />
      <TextField label={text.common.email} disabled value={person.email} hint={text.me.emailFixed} />
      <FormError error={beyondFields(form, update.error)} />
      <Button type="submit" look="primary" busy={update.isPending} disabled={!form.formState.isDirty}>
        {text.common.save}
      </Button>
    </form>
  );
}

const password = z.object({ currentPassword: rules.given(), newPassword: rules.newPassword() });

function PasswordForm() {
  const { person } = useMe();
  const form = useChecked(password, { currentPassword: "", newPassword: "" });
  const client = useQueryClient();
  const change = useAct("accounts.password.change", {
    onDone: async ({ csrfToken }) => {
      rememberCsrfToken(csrfToken);
      form.reset();
      toast(text.me.changed);
      await client.invalidateQueries({ queryKey: methodKey(PERSON, "accounts.sessions.list") });
    },
  });
  const wrong = change.error instanceof CallError && change.error.code === "FORBIDDEN";
  const { errors } = form.formState;
  return (
    <form noValidate className="space-y-4" onSubmit={form.handleSubmit((values) => change.mutate(values, { onError: (error) => objection(form, error) }))}>
      {/* Tells password managers whose password this is. */}
      <input type="email" hidden readOnly autoComplete="username" value={person.email} />
      <TextField
        label={text.me.current}
        type="password"
        autoComplete="current-password"
        error={errors.currentPassword?.message ?? (wrong ? text.me.wrongPassword : undefined)}
        {...form.register("currentPassword")}
      />
      <TextField
        label={text.me.next}
        type="password"
        autoComplete="new-password"
        hint={text.fields.passwordHint(PASSWORD_LENGTH)}
        error={errors.newPassword?.message}
        {...form.register("newPassword")}
      />
      {!wrong && <FormError error={beyondFields(form, change.error)} />}
      <Button type="submit" busy={change.isPending}>
        {text.me.change}
      </Button>
    </form>
  );
}
