import { Link } from "@tanstack/react-router";
import { Building2 } from "lucide-react";
import { useState } from "react";
import { Avatar } from "../../components/Avatar";
import { Button, buttonClass } from "../../components/Button";
import { DataTable, LoadMore } from "../../components/DataTable";
import { EmptyState } from "../../components/EmptyState";
import { ErrorState } from "../../components/ErrorState";
import { SearchField } from "../../components/SearchField";
import { useMe, usePages } from "../../rpc/hooks";
import type { Result } from "../../rpc/types";
import { text } from "../../text/en";
import { count, date } from "../../text/format";
import { GrantDialog } from "./GrantDialog";

type Row = Result<"platform.workspaces.list">["items"][number];

export function Workspaces({ search, onSearch }: { search: string; onSearch: (value: string) => void }) {
  const pages = usePages("platform.workspaces.list", search ? { search } : {});
  const { workspaces } = useMe();
  const [entering, setEntering] = useState<Row>();
  const rows: Row[] | undefined = pages.data?.pages.flatMap((page) => page.items as Row[]);
  const isOpen = (id: string) => workspaces.some((one) => one.id === id);
  return (
    <>
      <SearchField className="mb-4 max-w-xs" label={text.admin.searchWorkspaces} value={search} onSearch={onSearch} />
      {pages.isError ? (
        <ErrorState error={pages.error} onRetry={pages.refetch} />
      ) : (
        <DataTable
          caption={text.admin.tabs.workspaces}
          rows={rows}
          rowKey={(row) => row.id}
          footer={<LoadMore query={pages} />}
          empty={<EmptyState icon={Building2} title={text.admin.noWorkspace} body={text.admin.noWorkspaceBody} />}
          columns={[
            {
              title: text.common.name,
              cell: (row) => (
                <span className="flex items-center gap-3 font-medium">
                  <Avatar name={row.name} square size="small" />
                  {row.name}
                </span>
              ),
            },
            { title: text.admin.members, from: "sm", align: "end", cell: (row) => <span className="tabular-nums">{count(row.members)}</span> },
            { title: text.admin.agents, from: "sm", align: "end", cell: (row) => <span className="tabular-nums">{count(row.agents)}</span> },
            { title: text.common.created, from: "md", cell: (row) => <span className="text-ink-2">{date(row.createdAt)}</span> },
            {
              title: text.common.actions,
              hideTitle: true,
              align: "end",
              cell: (row) =>
                isOpen(row.id) ? (
                  <Link to="/w/$workspaceId" params={{ workspaceId: row.id }} aria-label={`${text.common.open} ${row.name}`} className={buttonClass("ghost", true)}>
                    {text.common.open}
                  </Link>
                ) : (
                  <Button small aria-label={`${text.admin.enter}: ${row.name}`} onClick={() => setEntering(row)}>
                    {text.admin.enter}
                  </Button>
                ),
            },
          ]}
        />
      )}
      {entering && <GrantDialog workspaceId={entering.id} workspaceName={entering.name} onClose={() => setEntering(undefined)} />}
    </>
  );
}
