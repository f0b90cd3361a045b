import { Link, useSearch } from "@tanstack/react-router";
import { clsx } from "clsx";
import { ErrorState } from "../../components/ErrorState";
import { Card } from "../../components/Page";
import { useServer, useWorkspace } from "../../rpc/hooks";
import type { AgentFile } from "../../rpc/types";
import { text } from "../../text/en";
import { bytes } from "../../text/format";
import { FileEditor } from "./FileEditor";

/** What the agent was told and what it wrote: a list of files, and the one that is open. */
export function AgentFiles({ agentId, mayChange }: { agentId: string; mayChange: boolean }) {
  const { file } = useSearch({ from: "/signed-in/w/$workspaceId/agents/$agentId" });
  const files = useServer("agents.files.list", { agentId });
  if (files.isError) return <ErrorState error={files.error} onRetry={files.refetch} />;
  if (!files.data) return <div className="skeleton h-72 rounded-xl" />;
  const open = files.data.files.find((one) => one.name === file) ?? files.data.files[0];
  return (
    <div className="grid items-start gap-5 lg:grid-cols-[16rem_minmax(0,1fr)]">
      <Card className="p-1.5">
        <nav aria-label={text.files.list}>
          <ul className="space-y-0.5">
            {files.data.files.map((one) => (
              <li key={one.name}>
                <FileLink agentId={agentId} file={one} isOpen={one.name === open?.name} />
              </li>
            ))}
          </ul>
        </nav>
      </Card>
      {open && <FileEditor key={open.name} agentId={agentId} name={open.name} mayChange={mayChange} />}
    </div>
  );
}

function FileLink({ agentId, file, isOpen }: { agentId: string; file: AgentFile; isOpen: boolean }) {
  const { workspace } = useWorkspace();
  return (
    <Link
      to="/w/$workspaceId/agents/$agentId"
      params={{ workspaceId: workspace.id, agentId }}
      search={{ tab: "files", file: file.name }}
      replace
      aria-current={isOpen ? "true" : undefined}
      className={clsx("block rounded-lg px-3 py-2 -outline-offset-2", isOpen ? "bg-accent-soft" : "hover:bg-hover")}
    >
      <span className="flex items-baseline justify-between gap-2">
        <span className="min-w-0 font-mono text-sm font-medium break-all">{file.name}</span>
        <span className="shrink-0 text-xs text-ink-3">{file.missing || !file.size ? text.files.empty : bytes(file.size)}</span>
      </span>
      <span className="block text-xs text-ink-3">{text.files.explain[file.name] ?? text.files.byTools}</span>
    </Link>
  );
}
