// A person sees the workspace's agents, opens one, talks to it, or makes a new one.
import { Link } from "@tanstack/react-router";
import { Bot, MessageSquare, Plus } from "lucide-react";
import { useState } from "react";
import { Avatar } from "../../components/Avatar";
import { Badge } from "../../components/Badge";
import { Button, buttonClass } from "../../components/Button";
import { EmptyState } from "../../components/EmptyState";
import { ErrorState } from "../../components/ErrorState";
import { Card, Page } from "../../components/Page";
import { Ago } from "../../components/Time";
import { useMay, useServer, useWorkspace } from "../../rpc/hooks";
import type { Agent } from "../../rpc/types";
import { text } from "../../text/en";
import { NewAgentDialog } from "./NewAgentDialog";

const SKELETONS = ["a", "b", "c"];

export function AgentsScreen() {
  const may = useMay();
  const agents = useServer("agents.list", {});
  const [creating, setCreating] = useState(false);
  const create = may("agents.create") && (
    <Button look="primary" icon={Plus} onClick={() => setCreating(true)}>
      {text.agents.create}
    </Button>
  );
  return (
    <Page title={text.agents.title} lead={text.agents.lead} actions={create}>
      {agents.isError ? (
        <ErrorState error={agents.error} onRetry={agents.refetch} />
      ) : agents.data?.agents.length === 0 ? (
        <Card>
          <EmptyState icon={Bot} title={text.agents.empty} body={text.agents.emptyBody} action={create} />
        </Card>
      ) : (
        <ul aria-busy={agents.isPending} className="grid grid-cols-[repeat(auto-fill,minmax(min(17rem,100%),1fr))] gap-4">
          {agents.data?.agents.map((agent) => (
            <li key={agent.id}>
              <AgentCard agent={agent} />
            </li>
          )) ??
            SKELETONS.map((one) => (
              <li key={one} className="skeleton h-40 rounded-xl" />
            ))}
        </ul>
      )}
      {creating && <NewAgentDialog onClose={() => setCreating(false)} />}
    </Page>
  );
}

function AgentCard({ agent }: { agent: Agent }) {
  const { workspace } = useWorkspace();
  const params = { workspaceId: workspace.id, agentId: agent.id };
  return (
    <Card className="relative flex h-full flex-col p-4 transition-colors hover:border-line-strong">
      <div className="flex items-start gap-3">
        <Avatar name={agent.name} emoji={agent.identity.emoji} square size="large" />
        <div className="min-w-0 flex-1">
          <h2 className="text-lg leading-snug font-semibold">
            {/* The link covers the card, so that all of it can be clicked while only the name is read out. */}
            <Link to="/w/$workspaceId/agents/$agentId" params={params} className="rounded after:absolute after:inset-0 after:rounded-xl">
              {agent.name}
            </Link>
          </h2>
          <p className="truncate text-sm text-ink-3">{agent.model?.primary ?? text.agents.noModel}</p>
        </div>
      </div>
      {agent.description && <p className="mt-3 line-clamp-2 text-sm text-ink-2">{agent.description}</p>}
      <div className="mt-3 flex min-h-6 flex-wrap gap-1.5">
        {agent.isDefault && <Badge tone="accent">{text.agents.default}</Badge>}
        {agent.visibility === "private" && <Badge>{text.agents.private}</Badge>}
      </div>
      <div className="mt-auto flex items-center justify-between pt-3">
        <span className="text-xs text-ink-3">
          {text.agents.changed} <Ago at={agent.updatedAt} />
        </span>
        <Link
          to="/w/$workspaceId/chat"
          params={{ workspaceId: workspace.id }}
          search={{ agent: agent.id }}
          aria-label={text.agents.chatWith(agent.name)}
          className={`${buttonClass("secondary", true)} relative`}
        >
          <MessageSquare aria-hidden className="size-4" />
          {text.agents.chat}
        </Link>
      </div>
    </Card>
  );
}
