// A person looks at one agent: what it is, what it was told, what it did; and changes or deletes it.
import { Link, useParams, useSearch } from "@tanstack/react-router";
import { ArrowLeft, MessageSquare } from "lucide-react";
import type { AgentTab } from "../../app/routes";
import { Avatar } from "../../components/Avatar";
import { Badge } from "../../components/Badge";
import { buttonClass } from "../../components/Button";
import { ErrorState } from "../../components/ErrorState";
import { useTitle } from "../../components/Page";
import { tabLink, tabLinkActive, TabLinks } from "../../components/TabLinks";
import { useMay, useMe, useServer, useWorkspace } from "../../rpc/hooks";
import type { AgentDetail } from "../../rpc/types";
import { text } from "../../text/en";
import { SessionTable } from "../sessions/SessionTable";
import { AgentFiles } from "./AgentFiles";
import { AgentProfile } from "./AgentProfile";

export function AgentScreen() {
  const { agentId } = useParams({ from: "/signed-in/w/$workspaceId/agents/$agentId" });
  const { workspace } = useWorkspace();
  const agent = useServer("agents.get", { agentId });
  useTitle(agent.data?.name ?? text.agents.title);
  return (
    <div className="mx-auto w-full max-w-6xl px-4 py-6 sm:px-8">
      <Link to="/w/$workspaceId/agents" params={{ workspaceId: workspace.id }} className="mb-4 inline-flex items-center gap-1.5 rounded text-sm font-medium text-ink-2 hover:text-ink">
        <ArrowLeft aria-hidden className="size-4" />
        {text.agents.back}
      </Link>
      {agent.isError ? (
        <>
          <h1 className="sr-only">{text.agents.title}</h1>
          <ErrorState error={agent.error} onRetry={agent.refetch} />
        </>
      ) : agent.data ? (
        <AgentParts agent={agent.data} />
      ) : (
        <>
          <h1 className="sr-only">{text.common.loading}</h1>
          <div className="skeleton h-12 w-64" />
        </>
      )}
    </div>
  );
}

const TABS: ReadonlyArray<AgentTab> = ["overview", "files", "sessions"];

function AgentParts({ agent }: { agent: AgentDetail }) {
  const { tab = "overview" } = useSearch({ from: "/signed-in/w/$workspaceId/agents/$agentId" });
  const { workspace } = useWorkspace();
  const { person } = useMe();
  const may = useMay();
  const mayChange = may("agents.update") && (workspace.role === "admin" || agent.createdBy === person.id);
  const params = { workspaceId: workspace.id, agentId: agent.id };
  return (
    <>
      <div className="mb-5 flex flex-wrap items-center gap-x-4 gap-y-3">
        <Avatar name={agent.name} emoji={agent.identity.emoji} square size="large" />
        <div className="min-w-0 flex-1">
          <h1 className="flex flex-wrap items-center gap-x-2.5 gap-y-1 text-xl font-semibold">
            {agent.name}
            {agent.isDefault && <Badge tone="accent">{text.agents.default}</Badge>}
            {agent.visibility === "private" && <Badge>{text.agents.private}</Badge>}
          </h1>
          <p className="text-sm text-ink-3">{agent.model?.primary ?? text.agents.noModel}</p>
        </div>
        <Link to="/w/$workspaceId/chat" params={params} search={{ agent: agent.id }} className={buttonClass("primary")}>
          <MessageSquare aria-hidden className="size-4" />
          {text.agents.chat}
        </Link>
      </div>
      <TabLinks label={text.agents.tabsLabel}>
        {TABS.map((one) => (
          <Link
            key={one}
            to="/w/$workspaceId/agents/$agentId"
            params={params}
            search={one === "overview" ? {} : { tab: one }}
            activeOptions={{ exact: true, includeSearch: one === "overview" }}
            className={tabLink}
            activeProps={tab === one ? tabLinkActive : {}}
            aria-current={tab === one ? "page" : undefined}
          >
            {text.agents.tabs[one]}
          </Link>
        ))}
      </TabLinks>
      {tab === "overview" && <AgentProfile key={agent.id} agent={agent} mayChange={mayChange} />}
      {tab === "files" && <AgentFiles agentId={agent.id} mayChange={mayChange} />}
      {tab === "sessions" && <SessionTable params={{ agentId: agent.id, limit: 25 }} />}
    </>
  );
}
