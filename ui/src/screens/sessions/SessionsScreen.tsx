// A person finds a conversation again, names it, puts it away or deletes it.
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { SessionFilter } from "../../app/routes";
import { Page } from "../../components/Page";
import { SearchField } from "../../components/SearchField";
import { text } from "../../text/en";
import { SessionTable } from "./SessionTable";

const PAGE = 25;

export function SessionsScreen() {
  const { q, archived, from = 0 } = useSearch({ from: "/signed-in/w/$workspaceId/sessions" });
  const navigate = useNavigate({ from: "/w/$workspaceId/sessions" });
  const go = (search: SessionFilter) => void navigate({ search, replace: true });
  const show = (filter: { q?: string | undefined; archived?: boolean | undefined; from?: number }) =>
    go({ ...(filter.q && { q: filter.q }), ...(filter.archived && { archived: true as const }), ...(filter.from && { from: filter.from }) });
  return (
    <Page title={text.sessions.title} lead={text.sessions.lead}>
      <div className="mb-4 flex flex-wrap gap-3">
        <SearchField className="w-full max-w-xs" label={text.sessions.search} value={q ?? ""} onSearch={(value) => show({ q: value, archived })} />
        <select
          aria-label={text.sessions.show}
          value={archived ? "archived" : "active"}
          onChange={(event) => show({ q, archived: event.target.value === "archived" })}
          className="h-9 rounded-lg border border-line-strong bg-surface pr-7 pl-3 text-base shadow-card"
        >
          <option value="active">{text.sessions.showActive}</option>
          <option value="archived">{text.sessions.showArchived}</option>
        </select>
      </div>
      <SessionTable
        params={{ limit: PAGE, ...(from > 0 && { offset: from }), ...(q && { search: q }), ...(archived && { archived: true }) }}
        onPage={(offset) => show({ q, archived, from: offset })}
      />
    </Page>
  );
}
