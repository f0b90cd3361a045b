// A person starts a conversation: whom to talk to, and the first message.
import { useMutation } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { Avatar } from "../../components/Avatar";
import { FormError } from "../../components/FormError";
import { useTitle } from "../../components/Page";
import { useMay, useServer, useWorkspace } from "../../rpc/hooks";
import { text } from "../../text/en";
import { ChatLayout } from "./ChatLayout";
import { Composer } from "./Composer";
import { NoModel, useHasModel } from "./NoModel";
import type { TextFile } from "./text-files";
import { sendParams } from "./use-outbox";

export function NewChatScreen() {
  const { agent: asked } = useSearch({ from: "/signed-in/w/$workspaceId/chat" });
  const { workspace, connection } = useWorkspace();
  const navigate = useNavigate();
  const maySend = useMay()("chat.send");
  const hasModel = useHasModel();
  const agents = useServer("agents.list", {});
  const [picked, setPicked] = useState<string>();
  useTitle(text.chat.newChat);

  const agentId = picked ?? asked ?? agents.data?.defaultId;
  const agent = agents.data?.agents.find((one) => one.id === agentId);
  const start = useMutation({
    mutationFn: async ({ message, files }: { message: string; files: ReadonlyArray<TextFile> }) => {
      const { key } = await connection.call("sessions.create", { ...(agent && { agentId: agent.id }) });
      await connection.call("chat.send", sendParams(key, { runId: crypto.randomUUID(), text: message, files }));
      return key;
    },
    onSuccess: (sessionKey) => navigate({ to: "/w/$workspaceId/chat/$sessionKey", params: { workspaceId: workspace.id, sessionKey } }),
  });
  const send = (message: string, files: ReadonlyArray<TextFile> = []) => start.mutate({ message, files });

  return (
    <ChatLayout header={<p className="truncate font-semibold">{text.chat.newChat}</p>}>
      <div className="min-h-0 flex-1 overflow-y-auto px-4 py-8 sm:px-6">
        <div className="mx-auto flex min-h-full w-full max-w-2xl flex-col justify-center pb-[8vh]">
          <div className="mb-6 flex flex-col items-center text-center">
            <Avatar name={agent?.name ?? text.product} emoji={agent?.identity.emoji} square size="large" />
            <h1 className="mt-4 text-2xl font-semibold">{text.chat.startTitle}</h1>
            <p className="mt-1 text-ink-2">{maySend ? text.chat.startLead : text.chat.readOnly}</p>
          </div>
          {maySend && hasModel === false && <NoModel />}
          {maySend && hasModel !== false && (
            <>
              <Composer label={agent ? text.chat.messageTo(agent.name) : text.chat.message} onSend={send} sending={start.isPending}>
                <select
                  aria-label={text.chat.agent}
                  value={agentId ?? ""}
                  onChange={(event) => setPicked(event.target.value)}
                  className="h-8 max-w-full min-w-0 truncate rounded-lg bg-transparent pr-7 pl-2 text-sm font-medium text-ink-2 hover:bg-hover"
                >
                  {agents.data?.agents.map((one) => (
                    <option key={one.id} value={one.id}>
                      {one.name}
                    </option>
                  ))}
                </select>
              </Composer>
              <FormError error={start.error} />
              <ul className="mt-4 flex flex-wrap justify-center gap-2">
                {text.chat.prompts.map((prompt) => (
                  <li key={prompt}>
                    <button
                      type="button"
                      disabled={start.isPending}
                      onClick={() => send(prompt)}
                      className="rounded-full border border-line bg-surface px-3.5 py-1.5 text-sm text-ink-2 transition-colors hover:border-line-strong hover:text-ink"
                    >
                      {prompt}
                    </button>
                  </li>
                ))}
              </ul>
            </>
          )}
        </div>
      </div>
    </ChatLayout>
  );
}
