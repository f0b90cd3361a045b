// A person arrives: what there is, what happened last, and what to do first.
import { Link } from "@tanstack/react-router";
import { MessagesSquare } from "lucide-react";
import { Avatar } from "../../components/Avatar";
import { Badge } from "../../components/Badge";
import { buttonClass } from "../../components/Button";
import { EmptyState } from "../../components/EmptyState";
import { ErrorState } from "../../components/ErrorState";
import { Card, Page, Section } from "../../components/Page";
import { Ago } from "../../components/Time";
import { useMe, useServer, useWorkspace } from "../../rpc/hooks";
import type { SessionRow } from "../../rpc/types";
import { text } from "../../text/en";
import { count, nanoUsd, shortCount } from "../../text/format";
import { previewOf, titleOf } from "../sessions/title";
import { FirstSteps } from "./FirstSteps";

export function OverviewScreen() {
  const { person } = useMe();
  const { workspace } = useWorkspace();
  return (
    <Page title={text.overview.title(person.name.split(" ")[0] ?? person.name)} lead={text.overview.lead(workspace.name)}>
      <Numbers />
      <FirstSteps />
      <Recent />
    </Page>
  );
}

function Numbers() {
  const here = useServer("workspaces.get", {});
  const usage = useServer("usage.summary", {});
  if (here.isError) return <ErrorState error={here.error} onRetry={here.refetch} />;
  return (
    <dl className="mb-8 grid grid-cols-2 gap-px overflow-hidden rounded-xl border border-line bg-line shadow-card lg:grid-cols-5">
      <Tile title={text.overview.agents} value={here.data && count(here.data.agents)} />
      <Tile title={text.overview.sessions} value={here.data && count(here.data.sessions)} />
      <Tile title={text.overview.members} value={here.data && count(here.data.members)} />
      <Tile title={text.overview.runs} value={usage.data && count(usage.data.agentRuns)} missing={usage.isError} />
      <Tile
        title={text.overview.cost}
        value={usage.data && nanoUsd(usage.data.costNanoUsd)}
        detail={usage.data && text.overview.tokens(shortCount(usage.data.inputTokens), shortCount(usage.data.outputTokens))}
        missing={usage.isError}
        wide
      />
    </dl>
  );
}

interface TileProps {
  title: string;
  value: string | undefined;
  detail?: string | undefined;
  missing?: boolean;
  wide?: boolean;
}

function Tile({ title, value, detail, missing, wide }: TileProps) {
  return (
    <div className={`bg-surface px-4 py-4 ${wide ? "col-span-2 lg:col-span-1" : ""}`}>
      <dt className="text-sm text-ink-3">{title}</dt>
      <dd className="mt-1">
        {value === undefined && !missing ? <span className="skeleton block h-8 w-14" /> : <span className="text-2xl font-semibold tabular-nums">{value ?? "–"}</span>}
        {detail && <span className="mt-0.5 block text-xs text-ink-3">{detail}</span>}
      </dd>
    </div>
  );
}

function Recent() {
  const { workspace } = useWorkspace();
  const sessions = useServer("sessions.list", { limit: 7 });
  return (
    <Section
      title={text.overview.recent}
      actions={
        <Link to="/w/$workspaceId/sessions" params={{ workspaceId: workspace.id }} className={buttonClass("ghost", true)}>
          {text.overview.allSessions}
        </Link>
      }
    >
      <Card>
        {sessions.isError ? (
          <ErrorState error={sessions.error} onRetry={sessions.refetch} />
        ) : sessions.data?.sessions.length === 0 ? (
          <EmptyState
            icon={MessagesSquare}
            title={text.overview.noSessions}
            body={text.overview.noSessionsBody}
            action={
              <Link to="/w/$workspaceId/chat" params={{ workspaceId: workspace.id }} className={buttonClass("primary")}>
                {text.overview.startChat}
              </Link>
            }
          />
        ) : (
          <ul className="divide-y divide-line">
            {sessions.data?.sessions.map((session) => (
              <li key={session.key}>
                <RecentSession session={session} />
              </li>
            )) ?? <li className="skeleton m-4 h-24" />}
          </ul>
        )}
      </Card>
    </Section>
  );
}

function RecentSession({ session }: { session: SessionRow }) {
  const { workspace } = useWorkspace();
  const agents = useServer("agents.list", {});
  const agent = agents.data?.agents.find((one) => one.id === session.agentId);
  return (
    <Link
      to="/w/$workspaceId/chat/$sessionKey"
      params={{ workspaceId: workspace.id, sessionKey: session.key }}
      className="flex items-center gap-3.5 px-4 py-3 -outline-offset-2 hover:bg-sunken"
    >
      <Avatar name={agent?.name ?? session.agentId} emoji={agent?.identity.emoji} square />
      <span className="min-w-0 flex-1">
        <span className="flex items-center gap-2 font-medium">
          <span className="truncate">{titleOf(session)}</span>
          {session.hasActiveRun && <Badge tone="accent">{text.sessions.running}</Badge>}
        </span>
        <span className="block truncate text-sm text-ink-3">{previewOf(session) ?? agent?.name}</span>
      </span>
      <span className="text-sm text-ink-3">
        <Ago at={session.updatedAt} />
      </span>
    </Link>
  );
}
