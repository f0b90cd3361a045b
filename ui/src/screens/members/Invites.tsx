import { Mail } from "lucide-react";
import { useState } from "react";
import { Badge } from "../../components/Badge";
import { Button } from "../../components/Button";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { DataTable } from "../../components/DataTable";
import { EmptyState } from "../../components/EmptyState";
import { ErrorState } from "../../components/ErrorState";
import { Section } from "../../components/Page";
import { Ago } from "../../components/Time";
import { toast } from "../../components/toast";
import { useAct, useServer } from "../../rpc/hooks";
import type { Invite } from "../../rpc/types";
import { text } from "../../text/en";

const TONES = { pending: "accent", accepted: "good", revoked: "plain", expired: "plain" } as const;

export function Invites() {
  const invites = useServer("invites.list", {});
  const [revoking, setRevoking] = useState<Invite>();
  return (
    <div className="mt-10">
      <Section title={text.members.invites} lead={text.members.invitesLead}>
        {invites.isError ? (
          <ErrorState error={invites.error} onRetry={invites.refetch} />
        ) : (
          <DataTable
            caption={text.members.invites}
            rows={invites.data?.invites}
            rowKey={(invite) => invite.id}
            empty={<EmptyState icon={Mail} title={text.members.invites} body={text.members.noInvites} />}
            columns={[
              { title: text.members.for, cell: (invite) => invite.email ?? <span className="text-ink-2">{text.members.anyone}</span> },
              { title: text.roles.label, from: "sm", cell: (invite) => text.roles.names[invite.role] },
              { title: text.members.state, cell: (invite) => <Badge tone={TONES[invite.state]}>{text.members.states[invite.state]}</Badge> },
              {
                title: text.common.expires,
                from: "md",
                cell: (invite) => (
                  <span className="text-ink-2">
                    <Ago at={invite.expiresAt} />
                  </span>
                ),
              },
              {
                title: text.common.actions,
                hideTitle: true,
                align: "end",
                cell: (invite) =>
                  invite.state === "pending" && (
                    <Button small look="ghost" onClick={() => setRevoking(invite)}>
                      {text.common.revoke}
                    </Button>
                  ),
              },
            ]}
          />
        )}
      </Section>
      {revoking && <RevokeDialog invite={revoking} onClose={() => setRevoking(undefined)} />}
    </div>
  );
}

function RevokeDialog({ invite, onClose }: { invite: Invite; onClose: () => void }) {
  const revoke = useAct("invites.revoke", {
    changes: ["invites.list"],
    onDone: () => {
      toast(text.members.revoked);
      onClose();
    },
  });
  return (
    <ConfirmDialog
      title={text.members.revokeTitle}
      consequence={text.members.revokeBody}
      action={text.common.revoke}
      pending={revoke.isPending}
      error={revoke.error}
      onConfirm={() => revoke.mutate({ inviteId: invite.id })}
      onClose={onClose}
    />
  );
}
