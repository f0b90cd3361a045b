// A person opens an invitation: they see where it leads, then join with the account they have or with a new one.
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Link2Off } from "lucide-react";
import { useState } from "react";
import { useFragmentToken } from "../../app/fragment";
import { Button } from "../../components/Button";
import { EmptyState } from "../../components/EmptyState";
import { ErrorState } from "../../components/ErrorState";
import { FormError } from "../../components/FormError";
import { DateTime } from "../../components/Time";
import { toast } from "../../components/toast";
import { hasCode } from "../../rpc/errors";
import { useAct, useServer } from "../../rpc/hooks";
import { meQuery } from "../../rpc/query-client";
import type { Grant, Result } from "../../rpc/types";
import { text } from "../../text/en";
import { SignInPage } from "./SignInPage";
import { SignUpForm } from "./SignUpForm";

export function InviteScreen() {
  const token = useFragmentToken("token");
  const preview = useServer("invites.preview", { token: token ?? "" }, { enabled: token !== undefined });
  if (!token) {
    return (
      <SignInPage title={text.invite.noToken}>
        <EmptyState icon={Link2Off} title={text.invite.noToken} body={text.invite.noTokenBody} />
      </SignInPage>
    );
  }
  if (preview.isError) {
    const gone = hasCode(preview.error, "NOT_FOUND") || hasCode(preview.error, "CONFLICT") || hasCode(preview.error, "INVALID_REQUEST");
    return (
      <SignInPage title={text.invite.gone}>
        {gone ? (
          <EmptyState icon={Link2Off} title={text.invite.gone} body={text.invite.goneBody} />
        ) : (
          <ErrorState error={preview.error} onRetry={preview.refetch} />
        )}
      </SignInPage>
    );
  }
  if (!preview.data) return <SignInPage title={text.common.loading} />;
  return <Invitation token={token} preview={preview.data} />;
}

function Invitation({ token, preview }: { token: string; preview: Result<"invites.preview"> }) {
  const me = useQueryClient().getQueryData<Grant>(meQuery.queryKey);
  const [isNew, setIsNew] = useState(false);
  const lead = (
    <>
      {text.invite.by(preview.invitedBy, preview.role)} {text.invite.until} <DateTime at={preview.expiresAt} />.
    </>
  );
  return (
    <SignInPage title={text.invite.title(preview.workspaceName)} lead={isNew ? text.signUp.inviteLead(preview.workspaceName) : lead}>
      {me ? (
        <Accept token={token} workspaceName={preview.workspaceName} email={me.person.email} />
      ) : isNew ? (
        <SignUpForm inviteToken={token} />
      ) : (
        <Choice onNew={() => setIsNew(true)} />
      )}
    </SignInPage>
  );
}

function Choice({ onNew }: { onNew: () => void }) {
  const navigate = useNavigate();
  return (
    <div className="space-y-2.5">
      <Button look="primary" className="w-full" onClick={onNew}>
        {text.invite.signUp}
      </Button>
      <Button className="w-full" onClick={() => navigate({ to: "/login", search: { next: "/invite" } })}>
        {text.invite.signIn}
      </Button>
    </div>
  );
}

function Accept({ token, workspaceName, email }: { token: string; workspaceName: string; email: string }) {
  const navigate = useNavigate();
  const accept = useAct("invites.accept", {
    changes: ["accounts.me"],
    onDone: async ({ workspaceId }) => {
      toast(text.invite.joined(workspaceName));
      await navigate({ to: "/w/$workspaceId", params: { workspaceId }, replace: true });
    },
  });
  return (
    <>
      <p className="mb-4 text-sm text-ink-3">{text.invite.as(email)}</p>
      <Button look="primary" className="w-full" busy={accept.isPending} onClick={() => accept.mutate({ token })}>
        {text.invite.accept}
      </Button>
      <FormError error={accept.error} />
    </>
  );
}
