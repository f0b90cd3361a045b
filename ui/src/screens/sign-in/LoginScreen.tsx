// A person signs in, and lands where they wanted to go.
import { Link, Navigate, useNavigate, useSearch } from "@tanstack/react-router";
import { Button } from "../../components/Button";
import { TextField } from "../../components/Field";
import { rules, useChecked, z } from "../../components/form";
import { FormError } from "../../components/FormError";
import { hasCode } from "../../rpc/errors";
import { useAct, useServer } from "../../rpc/hooks";
import { adoptGrant } from "../../rpc/query-client";
import { text } from "../../text/en";
import { plainLink, SignInPage } from "./SignInPage";

const schema = z.object({ email: rules.email(), password: rules.given() });

export function LoginScreen() {
  const { next } = useSearch({ from: "/login" });
  const navigate = useNavigate();
  const state = useServer("accounts.state", {});
  const form = useChecked(schema, { email: "", password: "" });
  const login = useAct("accounts.login", {
    onDone: (grant) => {
      adoptGrant(grant);
      return navigate({ to: next ?? "/", replace: true });
    },
  });

  if (state.data?.firstStart) return <Navigate to="/signup" replace />;
  const wrong = hasCode(login.error, "UNAUTHENTICATED") || hasCode(login.error, "FORBIDDEN");
  const { errors } = form.formState;
  return (
    <SignInPage
      title={text.signIn.title}
      lead={text.signIn.lead}
      below={
        <>
          {state.data?.signUp === "open" && (
            <p className="mb-3">
              {text.signIn.noAccount}{" "}
              <Link to="/signup" className={plainLink}>
                {text.signIn.signUp}
              </Link>
            </p>
          )}
          <p className="text-ink-3">{text.signIn.forgot}</p>
        </>
      }
    >
      <form noValidate className="space-y-4" onSubmit={form.handleSubmit((values) => login.mutate(values))}>
        <TextField label={text.common.email} type="email" autoComplete="username" error={errors.email?.message} {...form.register("email")} />
        <TextField
          label={text.common.password}
          type="password"
          autoComplete="current-password"
          error={errors.password?.message ?? (wrong ? text.signIn.wrong : undefined)}
          {...form.register("password")}
        />
        {!wrong && <FormError error={login.error} />}
        <Button type="submit" look="primary" className="w-full" busy={login.isPending}>
          {text.signIn.action}
        </Button>
      </form>
    </SignInPage>
  );
}
