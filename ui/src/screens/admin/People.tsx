import { UsersRound } from "lucide-react";
import { useState } from "react";
import { Avatar } from "../../components/Avatar";
import { Badge } from "../../components/Badge";
import { Button } from "../../components/Button";
import { CopyField } from "../../components/CopyField";
import { DataTable, LoadMore } from "../../components/DataTable";
import { Dialog, DialogActions } from "../../components/Dialog";
import { EmptyState } from "../../components/EmptyState";
import { ErrorState } from "../../components/ErrorState";
import { FormError } from "../../components/FormError";
import { SearchField } from "../../components/SearchField";
import { Ago, DateTime } from "../../components/Time";
import { useAct, usePages } from "../../rpc/hooks";
import type { Result } from "../../rpc/types";
import { text } from "../../text/en";
import { date } from "../../text/format";

type Row = Result<"people.list">["items"][number];

export function People({ search, onSearch }: { search: string; onSearch: (value: string) => void }) {
  const pages = usePages("people.list", search ? { search } : {});
  const [resetting, setResetting] = useState<Row>();
  const rows: Row[] | undefined = pages.data?.pages.flatMap((page) => page.items as Row[]);
  return (
    <>
      <SearchField className="mb-4 max-w-xs" label={text.admin.searchPeople} value={search} onSearch={onSearch} />
      {pages.isError ? (
        <ErrorState error={pages.error} onRetry={pages.refetch} />
      ) : (
        <DataTable
          caption={text.admin.tabs.people}
          rows={rows}
          rowKey={(row) => row.id}
          footer={<LoadMore query={pages} />}
          empty={<EmptyState icon={UsersRound} title={text.admin.nobody} body={text.admin.nobodyBody} />}
          columns={[
            { title: text.members.person, cell: (row) => <PersonCell row={row} /> },
            {
              title: text.admin.lastSeen,
              from: "sm",
              cell: (row) => <span className="text-ink-2">{row.lastSeenAt === undefined ? text.common.never : <Ago at={row.lastSeenAt} />}</span>,
            },
            { title: text.common.created, from: "md", cell: (row) => <span className="text-ink-2">{date(row.createdAt)}</span> },
            {
              title: text.common.actions,
              hideTitle: true,
              align: "end",
              cell: (row) => (
                <Button small aria-label={text.admin.resetTitle(row.name)} onClick={() => setResetting(row)}>
                  {text.admin.reset}
                </Button>
              ),
            },
          ]}
        />
      )}
      {resetting && <ResetDialog person={resetting} onClose={() => setResetting(undefined)} />}
    </>
  );
}

function PersonCell({ row }: { row: Row }) {
  return (
    <span className="flex min-w-0 items-center gap-3">
      <Avatar name={row.name} />
      <span className="min-w-0">
        <span className="flex flex-wrap items-center gap-1.5 font-medium">
          {row.name}
          {row.isSuperAdmin && <Badge tone="accent">{text.admin.superAdmin}</Badge>}
        </span>
        <span className="block text-sm text-ink-3">{row.email}</span>
      </span>
    </span>
  );
}

function ResetDialog({ person, onClose }: { person: Row; onClose: () => void }) {
  const reset = useAct("people.resetPassword");
  return (
    <Dialog open onClose={onClose} title={text.admin.resetTitle(person.name)} description={text.admin.resetLead}>
      {reset.data && (
        <>
          <CopyField label={text.admin.resetLink} value={window.location.origin + reset.data.path} />
          <p className="mt-2 text-sm text-ink-3">
            {text.admin.resetUntil} <DateTime at={reset.data.expiresAt} />
          </p>
        </>
      )}
      <FormError error={reset.error} />
      <DialogActions>
        <Button onClick={onClose}>{text.common.close}</Button>
        {!reset.data && (
          <Button look="primary" busy={reset.isPending} onClick={() => reset.mutate({ personId: person.id })}>
            {text.admin.reset}
          </Button>
        )}
      </DialogActions>
    </Dialog>
  );
}
