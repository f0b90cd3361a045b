// A person talks to an agent, watches what it does, stops it, and reads along with others.
import { useNavigate, useParams } from "@tanstack/react-router";
import { useMemo } from "react";
import { Badge } from "../../components/Badge";
import { ErrorState } from "../../components/ErrorState";
import { useTitle } from "../../components/Page";
import { toast } from "../../components/toast";
import { useAct, useMay, useServer, useSocketState, useWorkspace } from "../../rpc/hooks";
import type { Agent } from "../../rpc/types";
import { explain } from "../../text/explain";
import { text } from "../../text/en";
import { SessionMenu } from "../sessions/SessionMenu";
import { titleOf } from "../sessions/title";
import { ChatLayout } from "./ChatLayout";
import { Composer } from "./Composer";
import { Conversation } from "./Conversation";
import { NoModel, useHasModel } from "./NoModel";
import { Timeline } from "./Timeline";
import { toolCalls } from "./tools";
import type { Transcript, TranscriptAction } from "./transcript";
import { useOutbox } from "./use-outbox";
import { useTranscript } from "./use-transcript";

export function ChatScreen() {
  const { sessionKey } = useParams({ from: "/signed-in/w/$workspaceId/chat/$sessionKey" });
  return <OpenSession key={sessionKey} sessionKey={sessionKey} />;
}

function OpenSession({ sessionKey }: { sessionKey: string }) {
  const { workspace } = useWorkspace();
  const navigate = useNavigate();
  const { query, apply, loadOlder } = useTranscript(sessionKey);
  const agents = useServer("agents.list", {});
  const session = query.data?.session;
  const agent = agents.data?.agents.find((one) => one.id === session?.agentId);
  const title = titleOf(session);
  useTitle(title);
  const header = (
    <>
      <div className="min-w-0">
        <h1 className="truncate font-semibold">{title}</h1>
        {agent && <p className="truncate text-xs text-ink-3">{agent.name}</p>}
      </div>
      {session?.visibility === "private" && <Badge>{text.agents.private}</Badge>}
      {session?.archived && <Badge>{text.sessions.archived}</Badge>}
      <div className="ml-auto flex">
        {session && <SessionMenu session={session} onDeleted={() => void navigate({ to: "/w/$workspaceId/chat", params: { workspaceId: workspace.id } })} />}
      </div>
    </>
  );
  return (
    <ChatLayout header={header}>
      {query.data ? (
        <Talk sessionKey={sessionKey} transcript={query.data} agent={agent} apply={apply} loadOlder={loadOlder} refetch={query.refetch} />
      ) : query.isError ? (
        <ErrorState error={query.error} onRetry={query.refetch} />
      ) : (
        <div aria-busy className="mx-auto w-full max-w-[46rem] space-y-6 px-4 py-6">
          <div className="skeleton ml-auto h-11 w-1/2 rounded-2xl" />
          <div className="skeleton h-24 w-4/5" />
        </div>
      )}
    </ChatLayout>
  );
}

interface TalkProps {
  sessionKey: string;
  transcript: Transcript;
  agent: Agent | undefined;
  apply: (action: TranscriptAction) => void;
  loadOlder: () => Promise<void>;
  refetch: () => unknown;
}

function Talk({ sessionKey, transcript, agent, apply, loadOlder, refetch }: TalkProps) {
  const may = useMay();
  const socket = useSocketState();
  const hasModel = useHasModel();
  const calls = useMemo(() => toolCalls(transcript), [transcript]);
  // Without a socket nobody tells us what came of it, so we look.
  const isLive = socket.kind === "open";
  const onSent = useMemo(() => (isLive ? () => undefined : () => void refetch()), [isLive, refetch]);
  const outbox = useOutbox(sessionKey, transcript.messages, onSent);
  const abort = useAct("chat.abort");

  const maySend = may("chat.send");
  const running = transcript.runs.find((run) => run.phase === "running" || run.phase === "stopping");
  const stop = ({ runId }: { runId: string }) => {
    apply({ type: "stopping", runId });
    abort.mutate({ sessionKey, runId }, { onError: (error) => toast(explain(error).body, true) });
  };
  return (
    <div className="flex min-h-0 flex-1">
      <div className="flex min-w-0 flex-1 flex-col">
        <Conversation
          transcript={transcript}
          agent={agent}
          calls={calls}
          waiting={outbox.waiting}
          onOlder={loadOlder}
          onAsk={maySend ? outbox.send : undefined}
          onAgain={outbox.again}
          onDiscard={outbox.discard}
        />
        <div className="mx-auto w-full max-w-[49rem] px-3 pb-3 sm:px-6 sm:pb-5">
          {!maySend ? (
            <p className="rounded-xl border border-line bg-sunken px-4 py-3 text-sm text-ink-2">{text.chat.readOnly}</p>
          ) : hasModel === false ? (
            <NoModel />
          ) : (
            <Composer
              label={text.chat.messageTo(agent?.name ?? text.chat.agent)}
              onSend={outbox.send}
              onStop={running && (() => stop(running))}
              stopping={running?.phase === "stopping"}
            />
          )}
        </div>
      </div>
      <Timeline calls={[...calls.values()]} session={transcript.session} />
    </div>
  );
}
