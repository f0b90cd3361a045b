// Every address of the UI. Screens are loaded when they are needed; what they show lives in the address.
import { createRootRoute, createRoute, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { hasCode } from "../rpc/errors";
import { isPersonExpected } from "../rpc/expectation";
import { forgetWorkspaceData, meQuery, queryClient } from "../rpc/query-client";
import type { Grant } from "../rpc/types";
import { fragmentToken } from "./fragment";
import { lastWorkspace, rememberWorkspace } from "./last-workspace";
import { Root } from "./Root";

const root = createRootRoute({ component: Root });

async function person(next: string): Promise<Grant> {
  if (!isPersonExpected()) throw redirect({ to: "/login", search: { next } });
  try {
    return await queryClient.ensureQueryData(meQuery);
  } catch (error) {
    if (hasCode(error, "UNAUTHENTICATED")) throw redirect({ to: "/login", search: { next } });
    throw error;
  }
}

const text = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);

// Only a path of our own: a link must not be able to send a person elsewhere after signing in.
const ownPath = (value: unknown): string | undefined => {
  const path = text(value);
  return path && /^\/(?![/\\])/.test(path) ? path : undefined;
};

const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  beforeLoad: async () => {
    if (fragmentToken("bootstrap")) throw redirect({ to: "/signup", replace: true });
    const { workspaces } = await person("/");
    const id = workspaces.find((one) => one.id === lastWorkspace())?.id ?? workspaces[0]?.id;
    throw id ? redirect({ to: "/w/$workspaceId", params: { workspaceId: id }, replace: true }) : redirect({ to: "/workspaces", replace: true });
  },
});

const login = createRoute({
  getParentRoute: () => root,
  path: "/login",
  validateSearch: (search): { next?: string } => {
    const next = ownPath(search.next);
    return next ? { next } : {};
  },
  component: lazyRouteComponent(() => import("../screens/sign-in/LoginScreen"), "LoginScreen"),
});

const signup = createRoute({
  getParentRoute: () => root,
  path: "/signup",
  component: lazyRouteComponent(() => import("../screens/sign-in/SignUpScreen"), "SignUpScreen"),
});

const reset = createRoute({
  getParentRoute: () => root,
  path: "/reset",
  component: lazyRouteComponent(() => import("../screens/sign-in/ResetScreen"), "ResetScreen"),
});

const invite = createRoute({
  getParentRoute: () => root,
  path: "/invite",
  beforeLoad: async () => {
    // The screen offers different things to a person who is signed in, so it is asked here, and no answer is an answer too.
    if (isPersonExpected()) await queryClient.ensureQueryData(meQuery).catch(() => undefined);
  },
  component: lazyRouteComponent(() => import("../screens/sign-in/InviteScreen"), "InviteScreen"),
});

const signedIn = createRoute({
  getParentRoute: () => root,
  id: "signed-in",
  beforeLoad: ({ location }) => person(location.pathname + location.searchStr).then(() => undefined),
});

const personal = createRoute({
  getParentRoute: () => signedIn,
  id: "personal",
  component: lazyRouteComponent(() => import("./PersonShell"), "PersonShell"),
});

const workspaces = createRoute({
  getParentRoute: () => personal,
  path: "/workspaces",
  component: lazyRouteComponent(() => import("../screens/workspaces/WorkspacesScreen"), "WorkspacesScreen"),
});

const me = createRoute({
  getParentRoute: () => personal,
  path: "/me",
  component: lazyRouteComponent(() => import("../screens/me/MeScreen"), "MeScreen"),
});

const ADMIN_TABS = ["workspaces", "people", "grants"] as const;
export type AdminTab = (typeof ADMIN_TABS)[number];

const admin = createRoute({
  getParentRoute: () => personal,
  path: "/admin",
  validateSearch: (search): { tab?: AdminTab; q?: string } => {
    const tab = ADMIN_TABS.find((one) => one === search.tab);
    const q = text(search.q);
    return { ...(tab && { tab }), ...(q && { q }) };
  },
  component: lazyRouteComponent(() => import("../screens/admin/AdminScreen"), "AdminScreen"),
});

let entered: string | undefined;

const workspace = createRoute({
  getParentRoute: () => signedIn,
  path: "/w/$workspaceId",
  beforeLoad: ({ params, preload }) => {
    if (preload || entered === params.workspaceId) return;
    if (entered !== undefined) forgetWorkspaceData();
    entered = params.workspaceId;
    rememberWorkspace(params.workspaceId);
  },
  component: lazyRouteComponent(() => import("./WorkspaceShell"), "WorkspaceShell"),
});

const overview = createRoute({
  getParentRoute: () => workspace,
  path: "/",
  component: lazyRouteComponent(() => import("../screens/overview/OverviewScreen"), "OverviewScreen"),
});

const agents = createRoute({
  getParentRoute: () => workspace,
  path: "/agents",
  component: lazyRouteComponent(() => import("../screens/agents/AgentsScreen"), "AgentsScreen"),
});

const AGENT_TABS = ["overview", "files", "sessions"] as const;
export type AgentTab = (typeof AGENT_TABS)[number];

const agent = createRoute({
  getParentRoute: () => workspace,
  path: "/agents/$agentId",
  validateSearch: (search): { tab?: AgentTab; file?: string } => {
    const tab = AGENT_TABS.find((one) => one === search.tab);
    const file = text(search.file);
    return { ...(tab && { tab }), ...(file && { file }) };
  },
  component: lazyRouteComponent(() => import("../screens/agents/AgentScreen"), "AgentScreen"),
});

export interface SessionFilter {
  q?: string;
  archived?: true;
  from?: number;
}

const sessions = createRoute({
  getParentRoute: () => workspace,
  path: "/sessions",
  validateSearch: (search): SessionFilter => {
    const q = text(search.q);
    const from = Number(search.from);
    return { ...(q && { q }), ...(search.archived === true && { archived: true }), ...(from > 0 && { from }) };
  },
  component: lazyRouteComponent(() => import("../screens/sessions/SessionsScreen"), "SessionsScreen"),
});

const chat = createRoute({
  getParentRoute: () => workspace,
  path: "/chat",
  validateSearch: (search): { agent?: string } => {
    const chosen = text(search.agent);
    return chosen ? { agent: chosen } : {};
  },
  component: lazyRouteComponent(() => import("../screens/chat/NewChatScreen"), "NewChatScreen"),
});

const conversation = createRoute({
  getParentRoute: () => workspace,
  path: "/chat/$sessionKey",
  component: lazyRouteComponent(() => import("../screens/chat/ChatScreen"), "ChatScreen"),
});

const models = createRoute({
  getParentRoute: () => workspace,
  path: "/models",
  component: lazyRouteComponent(() => import("../screens/models/ModelsScreen"), "ModelsScreen"),
});

const members = createRoute({
  getParentRoute: () => workspace,
  path: "/members",
  component: lazyRouteComponent(() => import("../screens/members/MembersScreen"), "MembersScreen"),
});

const keys = createRoute({
  getParentRoute: () => workspace,
  path: "/keys",
  component: lazyRouteComponent(() => import("../screens/keys/KeysScreen"), "KeysScreen"),
});

const audit = createRoute({
  getParentRoute: () => workspace,
  path: "/audit",
  validateSearch: (search): { action?: string } => {
    const action = text(search.action);
    return action ? { action } : {};
  },
  component: lazyRouteComponent(() => import("../screens/audit/AuditScreen"), "AuditScreen"),
});

const settings = createRoute({
  getParentRoute: () => workspace,
  path: "/settings",
  component: lazyRouteComponent(() => import("../screens/settings/SettingsScreen"), "SettingsScreen"),
});

export const routeTree = root.addChildren([
  home,
  login,
  signup,
  reset,
  invite,
  signedIn.addChildren([
    personal.addChildren([workspaces, me, admin]),
    workspace.addChildren([overview, agents, agent, sessions, chat, conversation, models, members, keys, audit, settings]),
  ]),
]);
