import { Link } from "@tanstack/react-router";
import { ShieldAlert } from "lucide-react";
import { Badge } from "../../components/Badge";
import { Button } from "../../components/Button";
import { DataTable } from "../../components/DataTable";
import { EmptyState } from "../../components/EmptyState";
import { ErrorState } from "../../components/ErrorState";
import { Ago, useNow } from "../../components/Time";
import { toast } from "../../components/toast";
import { useAct, useServer } from "../../rpc/hooks";
import type { AccessGrant } from "../../rpc/types";
import { explain } from "../../text/explain";
import { text } from "../../text/en";

export function Grants() {
  const grants = useServer("grants.list", {});
  if (grants.isError) return <ErrorState error={grants.error} onRetry={grants.refetch} />;
  return (
    <DataTable
      caption={text.admin.grantsCaption}
      rows={grants.data?.grants}
      rowKey={(grant) => grant.id}
      empty={<EmptyState icon={ShieldAlert} title={text.admin.noGrants} body={text.admin.noGrantsBody} />}
      columns={[
        {
          title: text.admin.workspace,
          cell: (grant) => (
            <>
              <span className="block font-medium">{grant.workspaceName}</span>
              <span className="block text-sm text-ink-3">{grant.reason}</span>
            </>
          ),
        },
        { title: text.admin.state, cell: (grant) => <State grant={grant} /> },
        {
          title: text.common.created,
          from: "md",
          cell: (grant) => (
            <span className="text-ink-2">
              <Ago at={grant.createdAt} />
            </span>
          ),
        },
        {
          title: text.common.expires,
          from: "sm",
          cell: (grant) => (
            <span className="text-ink-2">
              <Ago at={grant.expiresAt} />
            </span>
          ),
        },
        { title: text.common.actions, hideTitle: true, align: "end", cell: (grant) => <GrantActions grant={grant} /> },
      ]}
    />
  );
}

function useRuns(grant: AccessGrant): boolean {
  const now = useNow();
  return grant.revokedAt === undefined && grant.expiresAt > now;
}

function State({ grant }: { grant: AccessGrant }) {
  const runs = useRuns(grant);
  if (runs) return <Badge tone="warn">{text.admin.running}</Badge>;
  return <Badge>{grant.revokedAt === undefined ? text.admin.ended : text.admin.revoked}</Badge>;
}

function GrantActions({ grant }: { grant: AccessGrant }) {
  const runs = useRuns(grant);
  const revoke = useAct("grants.revoke", { changes: ["grants.list", "accounts.me"], onDone: () => toast(text.admin.endedDone) });
  if (!runs) return null;
  return (
    <span className="inline-flex gap-2">
      <Link to="/w/$workspaceId" params={{ workspaceId: grant.workspaceId }} className="inline-flex h-8 items-center rounded-lg px-2.5 text-sm font-medium text-ink-2 hover:bg-hover">
        {text.common.open}
      </Link>
      <Button small busy={revoke.isPending} onClick={() => revoke.mutate({ grantId: grant.id }, { onError: (error) => toast(explain(error).body, true) })}>
        {text.admin.endNow}
      </Button>
    </span>
  );
}
