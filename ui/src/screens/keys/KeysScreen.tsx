// A member makes keys for programs, sees which are used, and revokes them.
import { KeyRound, Plus } from "lucide-react";
import { useState } from "react";
import { Badge } from "../../components/Badge";
import { Button } from "../../components/Button";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { DataTable } from "../../components/DataTable";
import { EmptyState } from "../../components/EmptyState";
import { ErrorState } from "../../components/ErrorState";
import { Page } from "../../components/Page";
import { Ago } from "../../components/Time";
import { toast } from "../../components/toast";
import { useAct, useMay, useServer } from "../../rpc/hooks";
import type { ApiKey } from "../../rpc/types";
import { text } from "../../text/en";
import { KeyDialog } from "./KeyDialog";

export function KeysScreen() {
  const may = useMay();
  const keys = useServer("apiKeys.list", {});
  const [creating, setCreating] = useState(false);
  const [revoking, setRevoking] = useState<ApiKey>();
  const create = may("apiKeys.create") && (
    <Button look="primary" icon={Plus} onClick={() => setCreating(true)}>
      {text.keys.create}
    </Button>
  );
  return (
    <Page title={text.keys.title} lead={text.keys.lead} actions={create}>
      {keys.isError ? (
        <ErrorState error={keys.error} onRetry={keys.refetch} />
      ) : (
        <DataTable
          caption={text.keys.caption}
          rows={keys.data?.keys}
          rowKey={(key) => key.id}
          empty={<EmptyState icon={KeyRound} title={text.keys.empty} body={text.keys.emptyBody} />}
          columns={[
            {
              title: text.common.name,
              cell: (key) => (
                <>
                  <span className="block font-medium">{key.name}</span>
                  <span className="block font-mono text-xs text-ink-3">{key.hint}</span>
                </>
              ),
            },
            { title: text.keys.kind, from: "lg", cell: (key) => <Badge>{text.keys.kinds[key.kind]}</Badge> },
            { title: text.keys.scopes, from: "sm", cell: (key) => <span className="text-ink-2">{key.scopes.map((scope) => text.keys.scopeNames[scope]).join(", ")}</span> },
            {
              title: text.keys.used,
              from: "md",
              cell: (key) => <span className="text-ink-2">{key.lastUsedAt === undefined ? text.common.never : <Ago at={key.lastUsedAt} />}</span>,
            },
            {
              title: text.common.expires,
              from: "md",
              cell: (key) => <span className="text-ink-2">{key.expiresAt === undefined ? text.common.never : <Ago at={key.expiresAt} />}</span>,
            },
            {
              title: text.common.actions,
              hideTitle: true,
              align: "end",
              cell: (key) => (
                <Button small look="ghost" aria-label={`${text.common.revoke} ${key.name}`} onClick={() => setRevoking(key)}>
                  {text.common.revoke}
                </Button>
              ),
            },
          ]}
        />
      )}
      {creating && <KeyDialog onClose={() => setCreating(false)} />}
      {revoking && <RevokeDialog apiKey={revoking} onClose={() => setRevoking(undefined)} />}
    </Page>
  );
}

function RevokeDialog({ apiKey, onClose }: { apiKey: ApiKey; onClose: () => void }) {
  const revoke = useAct("apiKeys.revoke", {
    changes: ["apiKeys.list"],
    onDone: () => {
      toast(text.keys.revoked);
      onClose();
    },
  });
  return (
    <ConfirmDialog
      title={text.keys.revokeTitle(apiKey.name)}
      consequence={text.keys.revokeBody}
      action={text.common.revoke}
      pending={revoke.isPending}
      error={revoke.error}
      onConfirm={() => revoke.mutate({ keyId: apiKey.id })}
      onClose={onClose}
    />
  );
}
