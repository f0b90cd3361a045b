// A person creates their account: the first one of a server by its one-time code, others openly or by an invitation.
import { Link } from "@tanstack/react-router";
import { Mail, TerminalSquare } from "lucide-react";
import { useFragmentToken } from "../../app/fragment";
import { EmptyState } from "../../components/EmptyState";
import { ErrorState } from "../../components/ErrorState";
import { useServer } from "../../rpc/hooks";
import { text } from "../../text/en";
import { plainLink, SignInPage } from "./SignInPage";
import { SignUpForm } from "./SignUpForm";

export function SignUpScreen() {
  const bootstrapToken = useFragmentToken("bootstrap");
  const state = useServer("accounts.state", {});
  const haveAccount = (
    <p>
      {text.signUp.have}{" "}
      <Link to="/login" className={plainLink}>
        {text.signUp.signIn}
      </Link>
    </p>
  );

  if (state.isError) {
    return (
      <SignInPage title={text.signUp.title}>
        <ErrorState error={state.error} onRetry={state.refetch} />
      </SignInPage>
    );
  }
  if (!state.data) return <SignInPage title={text.signUp.title} lead={text.common.loading} />;
  if (state.data.firstStart && !bootstrapToken) {
    return (
      <SignInPage title={text.signUp.firstTitle}>
        <EmptyState icon={TerminalSquare} title={text.signUp.needToken} body={text.signUp.needTokenBody} />
      </SignInPage>
    );
  }
  if (state.data.firstStart) {
    return (
      <SignInPage title={text.signUp.firstTitle} lead={text.signUp.firstLead}>
        <SignUpForm bootstrapToken={bootstrapToken} />
      </SignInPage>
    );
  }
  if (state.data.signUp !== "open") {
    return (
      <SignInPage title={text.signUp.title} below={haveAccount}>
        <EmptyState icon={Mail} title={text.signUp.inviteOnly} body={text.signUp.inviteOnlyBody} />
      </SignInPage>
    );
  }
  return (
    <SignInPage title={text.signUp.title} lead={text.signUp.lead} below={haveAccount}>
      <SignUpForm />
    </SignInPage>
  );
}
