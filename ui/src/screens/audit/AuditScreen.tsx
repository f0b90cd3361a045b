// An admin looks up who did what.
import { useNavigate, useSearch } from "@tanstack/react-router";
import { ScrollText } from "lucide-react";
import { Badge } from "../../components/Badge";
import { DataTable, LoadMore } from "../../components/DataTable";
import { EmptyState } from "../../components/EmptyState";
import { ErrorState } from "../../components/ErrorState";
import { Page } from "../../components/Page";
import { ShortId } from "../../components/ShortId";
import { SearchField } from "../../components/SearchField";
import { DateTime } from "../../components/Time";
import { usePages, useServer } from "../../rpc/hooks";
import type { AuditEntry } from "../../rpc/types";
import { text } from "../../text/en";

const TONES: Record<string, "good" | "warn" | "bad"> = { ok: "good", denied: "warn", error: "bad" };

export function AuditScreen() {
  const { action } = useSearch({ from: "/signed-in/w/$workspaceId/audit" });
  const navigate = useNavigate({ from: "/w/$workspaceId/audit" });
  const audit = usePages("audit.list", action ? { action } : {});
  const members = useServer("members.list", {});
  const nameOf = (actor: string) => members.data?.members.find((member) => member.personId === actor)?.name ?? <ShortId id={actor} />;
  const rows: AuditEntry[] | undefined = audit.data?.pages.flatMap((page) => page.items as AuditEntry[]);
  return (
    <Page title={text.audit.title} lead={text.audit.lead}>
      <SearchField
        className="mb-4 max-w-xs"
        label={text.audit.filter}
        value={action ?? ""}
        onSearch={(value) => void navigate({ search: value ? { action: value } : {}, replace: true })}
      />
      {audit.isError ? (
        <ErrorState error={audit.error} onRetry={audit.refetch} />
      ) : (
        <DataTable
          caption={text.audit.caption}
          rows={rows}
          rowKey={(entry) => entry.id}
          footer={<LoadMore query={audit} />}
          empty={
            <EmptyState icon={ScrollText} title={action ? text.audit.none : text.audit.empty} body={action ? text.audit.noneBody : text.audit.emptyBody} />
          }
          columns={[
            {
              title: text.audit.when,
              cell: (entry) => (
                <span className="text-ink-2">
                  <DateTime at={entry.at} />
                </span>
              ),
            },
            { title: text.audit.who, cell: (entry) => nameOf(entry.actor) },
            { title: text.audit.what, cell: (entry) => <code className="font-mono text-sm whitespace-nowrap">{entry.action}</code> },
            {
              title: text.audit.outcome,
              cell: (entry) => <Badge tone={TONES[entry.outcome] ?? "plain"}>{text.audit.outcomes[entry.outcome] ?? entry.outcome}</Badge>,
            },
            { title: text.audit.resource, from: "md", cell: (entry) => entry.resource && <ShortId id={entry.resource} /> },
            { title: text.audit.from, from: "lg", cell: (entry) => <span className="whitespace-nowrap text-ink-2">{entry.ip}</span> },
            { title: text.audit.request, from: "lg", cell: (entry) => <ShortId id={entry.requestId} /> },
          ]}
        />
      )}
    </Page>
  );
}
