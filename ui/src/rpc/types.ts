// Names for the shapes the screens use, taken from the methods, so that a regenerated protocol keeps them true.
import type { Events, Methods } from "./protocol";

export type MethodName = keyof Methods;
export type Params<M extends MethodName> = Methods[M]["params"];
export type Result<M extends MethodName> = Methods[M]["result"];
export type EventName = keyof Events;

export type Grant = Result<"accounts.me">;
export type Person = Grant["person"];
export type Workspace = Grant["workspaces"][number];
export type Role = Workspace["role"];
export type Login = Result<"accounts.sessions.list">["sessions"][number];
export type Member = Result<"members.list">["members"][number];
export type Invite = Result<"invites.list">["invites"][number];
export type ApiKey = Result<"apiKeys.list">["keys"][number];
export type KeyScope = ApiKey["scopes"][number];
export type AccessGrant = Result<"grants.list">["grants"][number];
export type AuditEntry = Result<"audit.list">["items"][number];
export type Agent = Result<"agents.list">["agents"][number];
export type AgentDetail = Result<"agents.get">;
export type AgentFile = Result<"agents.files.list">["files"][number];
export type SessionRow = Result<"sessions.list">["sessions"][number];
export type History = Result<"chat.history">;
export type Message = NonNullable<History["messages"]>[number];
export type Provider = Result<"models.providers.list">["providers"][number];
export type ChatEvent = Events["chat"];
export type AgentEvent = Events["agent"];
