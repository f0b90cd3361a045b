import { Activity, Bot, BrainCircuit, KeyRound, LayoutDashboard, MessagesSquare, ScrollText, Settings, UsersRound, type LucideIcon } from "lucide-react";
import type { MethodName } from "../rpc/types";
import { text } from "../text/en";

export interface NavItem {
  to: `/w/$workspaceId${"" | "/chat" | "/agents" | "/sessions" | "/models" | "/members" | "/keys" | "/audit" | "/settings"}`;
  label: string;
  icon: LucideIcon;
  /** The place is shown to those who may call this. */
  needs: MethodName;
}

export const WORK: ReadonlyArray<NavItem> = [
  { to: "/w/$workspaceId", label: text.nav.overview, icon: LayoutDashboard, needs: "workspaces.get" },
  { to: "/w/$workspaceId/chat", label: text.nav.chat, icon: MessagesSquare, needs: "chat.history" },
  { to: "/w/$workspaceId/agents", label: text.nav.agents, icon: Bot, needs: "agents.list" },
  { to: "/w/$workspaceId/sessions", label: text.nav.sessions, icon: Activity, needs: "sessions.list" },
];

export const MANAGE: ReadonlyArray<NavItem> = [
  { to: "/w/$workspaceId/models", label: text.nav.models, icon: BrainCircuit, needs: "models.providers.list" },
  { to: "/w/$workspaceId/members", label: text.nav.members, icon: UsersRound, needs: "members.list" },
  { to: "/w/$workspaceId/keys", label: text.nav.keys, icon: KeyRound, needs: "apiKeys.list" },
  { to: "/w/$workspaceId/audit", label: text.nav.audit, icon: ScrollText, needs: "audit.list" },
  { to: "/w/$workspaceId/settings", label: text.nav.settings, icon: Settings, needs: "workspaces.get" },
];
