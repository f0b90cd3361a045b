import { Link } from "@tanstack/react-router";
import { MessagesSquare, Pin } from "lucide-react";
import { Badge } from "../../components/Badge";
import { Button } from "../../components/Button";
import { DataTable } from "../../components/DataTable";
import { EmptyState } from "../../components/EmptyState";
import { ErrorState } from "../../components/ErrorState";
import { Ago } from "../../components/Time";
import { useServer, useWorkspace } from "../../rpc/hooks";
import type { Params, Result, SessionRow } from "../../rpc/types";
import { text } from "../../text/en";
import { shortCount } from "../../text/format";
import { SessionMenu } from "./SessionMenu";
import { previewOf, titleOf } from "./title";

interface SessionTableProps {
  params: Params<"sessions.list">;
  onPage?: (offset: number) => void;
}

export function SessionTable({ params, onPage }: SessionTableProps) {
  const sessions = useServer("sessions.list", params, { keepPrevious: true });
  const agents = useServer("agents.list", {});
  if (sessions.isError) return <ErrorState error={sessions.error} onRetry={sessions.refetch} />;
  const agentName = (id: string) => agents.data?.agents.find((agent) => agent.id === id)?.name ?? id;
  const filtered = Boolean(params.search || params.archived);
  return (
    <DataTable
      caption={text.sessions.caption}
      rows={sessions.data?.sessions}
      rowKey={(session) => session.key}
      empty={
        <EmptyState
          icon={MessagesSquare}
          title={filtered ? text.sessions.nothing : text.sessions.empty}
          body={filtered ? text.sessions.nothingBody : text.sessions.emptyBody}
        />
      }
      footer={sessions.data && onPage && <Pager result={sessions.data} offset={params.offset ?? 0} onPage={onPage} />}
      columns={[
        { title: text.sessions.session, cell: (session) => <SessionName session={session} /> },
        { title: text.sessions.agent, from: "md", cell: (session) => <span className="text-ink-2">{agentName(session.agentId)}</span> },
        { title: text.sessions.messages, from: "lg", align: "end", cell: (session) => <span className="tabular-nums text-ink-2">{session.messageCount}</span> },
        {
          title: text.sessions.tokens,
          from: "lg",
          align: "end",
          cell: (session) => <span className="tabular-nums text-ink-2">{session.totalTokens ? shortCount(session.totalTokens) : ""}</span>,
        },
        {
          title: text.sessions.updated,
          from: "sm",
          cell: (session) => (
            <span className="text-ink-2">
              <Ago at={session.updatedAt} />
            </span>
          ),
        },
        { title: text.common.actions, hideTitle: true, align: "end", cell: (session) => <SessionMenu session={session} /> },
      ]}
    />
  );
}

function SessionName({ session }: { session: SessionRow }) {
  const { workspace } = useWorkspace();
  return (
    <>
      <span className="flex flex-wrap items-center gap-x-2 gap-y-0.5">
        {session.pinned && <Pin aria-label={text.sessions.pinned} className="size-3.5 text-ink-3" />}
        <Link to="/w/$workspaceId/chat/$sessionKey" params={{ workspaceId: workspace.id, sessionKey: session.key }} className="rounded font-medium hover:underline">
          {titleOf(session)}
        </Link>
        {session.hasActiveRun && <Badge tone="accent">{text.sessions.running}</Badge>}
        {session.visibility === "private" && <Badge>{text.agents.private}</Badge>}
      </span>
      {session.lastMessagePreview && <span className="line-clamp-1 max-w-md text-sm text-ink-3">{previewOf(session)}</span>}
    </>
  );
}

interface PagerProps {
  result: Result<"sessions.list">;
  offset: number;
  onPage: (offset: number) => void;
}

function Pager({ result, offset, onPage }: PagerProps) {
  if (offset === 0 && !result.hasMore) return null;
  return (
    <div className="flex items-center justify-between gap-3 border-t border-line px-4 py-2">
      <p className="text-sm text-ink-3 tabular-nums">{text.sessions.range(offset + 1, offset + result.sessions.length, result.totalCount)}</p>
      <div className="flex gap-2">
        <Button small disabled={offset === 0} onClick={() => onPage(Math.max(0, offset - result.limitApplied))}>
          {text.sessions.previous}
        </Button>
        <Button small disabled={!result.hasMore} onClick={() => onPage(result.nextOffset ?? offset + result.sessions.length)}>
          {text.sessions.next}
        </Button>
      </div>
    </div>
  );
}
