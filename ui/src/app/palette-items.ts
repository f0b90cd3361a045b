import { Bot, Building2, MessagesSquare, type LucideIcon } from "lucide-react";
import { useNavigate } from "@tanstack/react-router";
import { useMay, useMe, useServer, useWorkspace } from "../rpc/hooks";
import { text } from "../text/en";
import { titleOf } from "../screens/sessions/title";
import { MANAGE, WORK } from "./navigation";

export interface PaletteItem {
  id: string;
  group: string;
  label: string;
  icon: LucideIcon;
  go: () => void;
}

const SHOWN_SESSIONS = 8;

/** Everywhere one can go from here, narrowed to what was typed. Sessions are searched by the server. */
export function usePaletteItems(typed: string, search: string): ReadonlyArray<PaletteItem> {
  const { workspace } = useWorkspace();
  const { workspaces } = useMe();
  const may = useMay();
  const navigate = useNavigate();
  const agents = useServer("agents.list", {});
  const sessions = useServer("sessions.list", { limit: SHOWN_SESSIONS, ...(search && { search }) }, { keepPrevious: true });
  const params = { workspaceId: workspace.id };
  const wanted = typed.toLowerCase();
  const fits = ({ label }: PaletteItem) => label.toLowerCase().includes(wanted);

  const places = [...WORK, ...MANAGE]
    .filter((item) => may(item.needs))
    .map(({ to, label, icon }): PaletteItem => ({ id: to, group: text.palette.places, label, icon, go: () => void navigate({ to, params }) }));
  const found = (agents.data?.agents ?? []).map(
    (agent): PaletteItem => ({
      id: agent.id,
      group: text.palette.agents,
      label: agent.name,
      icon: Bot,
      go: () => void navigate({ to: "/w/$workspaceId/agents/$agentId", params: { ...params, agentId: agent.id } }),
    }),
  );
  const talks = (sessions.data?.sessions ?? []).map(
    (session): PaletteItem => ({
      id: session.key,
      group: text.palette.sessions,
      label: titleOf(session),
      icon: MessagesSquare,
      go: () => void navigate({ to: "/w/$workspaceId/chat/$sessionKey", params: { ...params, sessionKey: session.key } }),
    }),
  );
  const others = workspaces
    .filter((one) => one.id !== workspace.id)
    .map(
      (one): PaletteItem => ({
        id: one.id,
        group: text.palette.workspaces,
        label: one.name,
        icon: Building2,
        go: () => void navigate({ to: "/w/$workspaceId", params: { workspaceId: one.id } }),
      }),
    );
  return [...places.filter(fits), ...found.filter(fits), ...talks, ...others.filter(fits)];
}
