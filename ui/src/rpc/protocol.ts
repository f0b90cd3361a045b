// Generated from docs/protocol.json by scripts/protocol.mjs. Do not edit.

export const PROTOCOL_HASH = "";

export type Role = "viewer" | "member" | "admin";

export type PersonView = { id: string; email: string; name: string; isSuperAdmin: boolean };

export type WorkspaceView = { id: string; name: string; role: Role; createdAt: number; grantExpiresAt?: number };

export type SessionGrant = { person: PersonView; workspaces: Array<WorkspaceView>; csrfToken: string };

export type LoginView = { id: string; createdAt: number; lastSeenAt: number; expiresAt: number; userAgent?: string; ip?: string; current: boolean };

export type MemberView = { personId: string; name: string; email: string; role: Role; joinedAt: number };

export type InviteView = {
  id: string;
  role: Role;
  email?: string;
  createdAt: number;
  expiresAt: number;
  createdBy: string;
  state: "pending" | "accepted" | "revoked" | "expired";
};

export type KeyScope = "read" | "write" | "admin";

export type ApiKeyView = {
  id: string;
  name: string;
  kind: "api" | "service";
  scopes: Array<KeyScope>;
  hint: string;
  createdBy: string;
  createdAt: number;
  expiresAt?: number;
  lastUsedAt?: number;
};

export type GrantView = {
  id: string;
  workspaceId: string;
  workspaceName: string;
  reason: string;
  createdAt: number;
  expiresAt: number;
  revokedAt?: number;
};

export type AuditEntry = {
  id: string;
  at: number;
  actor: string;
  actorKind: string;
  action: string;
  resource?: string;
  outcome: "ok" | "denied" | "error";
  ip?: string;
  requestId: string;
};

export type AgentIdentity = { name: string; emoji?: string; avatar?: string; theme?: string };

export type AgentRow = {
  id: string;
  name: string;
  identity: AgentIdentity;
  model?: { primary: string };
  workspace: string;
  visibility: "workspace" | "private";
  createdBy: string;
  createdAt: number;
  updatedAt: number;
  kind: "agent";
  isDefault: boolean;
};

export type AgentFile = { name: string; path: string; missing: boolean; size?: number; updatedAtMs?: number; content?: string };

export type SessionRow = {
  key: string;
  kind: "direct";
  sessionId: string;
  agentId: string;
  label?: string;
  displayName?: string;
  derivedTitle?: string;
  lastMessagePreview?: string;
  updatedAt: number;
  createdAt: number;
  createdBy?: string;
  visibility: "workspace" | "private";
  archived: boolean;
  pinned: boolean;
  isMain: boolean;
  status?: string;
  hasActiveRun: boolean;
  activeRunIds: Array<string>;
  model?: string;
  modelProvider?: string;
  inputTokens?: number;
  outputTokens?: number;
  totalTokens?: number;
  estimatedCostUsd?: number;
  messageCount: number;
};

export type ContentBlock =
  | { type: "text"; text: string }
  | { type: "toolCall"; id: string; name: string; arguments: unknown }
  | { type: "thinking"; thinking: string };

export type MessageUsage = {
  input: number;
  output: number;
  totalTokens: number;
  cacheRead?: number;
  cacheWrite?: number;
  cost?: { total: number };
};

export type Message = {
  role: "user" | "assistant" | "toolResult";
  content: string | Array<ContentBlock>;
  timestamp: number;
  provider?: string;
  model?: string;
  usage?: MessageUsage;
  stopReason?: "stop" | "toolUse" | "aborted" | "error" | "interrupted" | "injected";
  errorMessage?: string;
  toolCallId?: string;
  toolName?: string;
  isError?: boolean;
  __openclaw?: { id: string; seq: number; runId?: string };
};

export type InFlightRun = { runId: string; text: string; startedAt: number; seq?: number };

export type ModelRow = { id: string; name: string; provider: string; contextWindow?: number; input?: Array<string> };

export type ProviderView = {
  id: string;
  kind: "openai" | "anthropic";
  name: string;
  baseUrl: string;
  source: "workspace" | "operator";
  keyHint?: string;
  models: Array<string>;
  defaultModel?: string;
};

export type ChatEvent = {
  runId: string;
  sessionKey: string;
  agentId?: string;
  seq: number;
  state: "delta" | "final" | "aborted" | "error" | "status";
  deltaText?: string;
  message?: Message;
  errorMessage?: string;
  errorKind?: string;
  stopReason?: string;
  usage?: MessageUsage;
  phase?: string;
};

export type AgentEvent = {
  runId: string;
  seq: number;
  stream: string;
  ts: number;
  data: unknown;
  sessionKey?: string;
  agentId?: string;
};

export interface Methods {
  "accounts.state": { params: Record<string, never>; result: { signUp: "open" | "invite" | "closed"; firstStart: boolean; version: string } };
  "accounts.signup": {
    params: { email: string; name: string; password: string; inviteToken?: string; bootstrapToken?: string };
    result: SessionGrant;
  };
  "accounts.login": { params: { email: string; password: string }; result: SessionGrant };
  "accounts.logout": { params: Record<string, never>; result: { ok: boolean } };
  "accounts.me": { params: Record<string, never>; result: SessionGrant };
  "accounts.update": { params: { name: string }; result: { person: PersonView } };
  "accounts.sessions.list": { params: Record<string, never>; result: { sessions: Array<LoginView> } };
  "accounts.sessions.kill": { params: { sessionId: string }; result: { ok: boolean } };
  "accounts.password.change": { params: { currentPassword: string; newPassword: string }; result: { ok: boolean; csrfToken: string } };
  "accounts.password.reset": { params: { token: string; newPassword: string }; result: { ok: boolean } };
  "workspaces.list": { params: Record<string, never>; result: { workspaces: Array<WorkspaceView> } };
  "workspaces.create": { params: { name: string }; result: WorkspaceView };
  "workspaces.get": {
    params: Record<string, never>;
    result: { id: string; name: string; role: Role; createdAt: number; members: number; agents: number; sessions: number };
  };
  "workspaces.rename": { params: { name: string }; result: WorkspaceView };
  "workspaces.delete": { params: { confirmName: string }; result: { ok: boolean } };
  "members.list": { params: Record<string, never>; result: { members: Array<MemberView> } };
  "members.setRole": { params: { personId: string; role: Role }; result: { ok: boolean } };
  "members.remove": { params: { personId: string }; result: { ok: boolean } };
  "members.leave": { params: Record<string, never>; result: { ok: boolean } };
  "invites.create": {
    params: { role: Role; email?: string; expiresInDays?: number };
    result: { invite: InviteView; token: string; path: string };
  };
  "invites.list": { params: Record<string, never>; result: { invites: Array<InviteView> } };
  "invites.revoke": { params: { inviteId: string }; result: { ok: boolean } };
  "invites.preview": { params: { token: string }; result: { workspaceName: string; role: Role; invitedBy: string; expiresAt: number } };
  "invites.accept": { params: { token: string }; result: { workspaceId: string } };
  "apiKeys.list": { params: Record<string, never>; result: { keys: Array<ApiKeyView> } };
  "apiKeys.create": {
    params: { name: string; kind?: "api" | "service"; scopes: Array<KeyScope>; expiresInDays?: number };
    result: { key: ApiKeyView; secret: string };
  };
  "apiKeys.revoke": { params: { keyId: string }; result: { ok: boolean } };
  "grants.create": { params: { workspaceId: string; reason: string; minutes: number }; result: { grant: GrantView } };
  "grants.list": { params: Record<string, never>; result: { grants: Array<GrantView> } };
  "grants.revoke": { params: { grantId: string }; result: { ok: boolean } };
  "platform.workspaces.list": {
    params: { search?: string; cursor?: string; limit?: number };
    result: { items: Array<{ id: string; name: string; createdAt: number; members: number; agents: number }>; nextCursor?: string };
  };
  "people.list": {
    params: { search?: string; cursor?: string; limit?: number };
    result: {
      items: Array<{ id: string; email: string; name: string; isSuperAdmin: boolean; createdAt: number; lastSeenAt?: number }>;
      nextCursor?: string;
    };
  };
  "people.resetPassword": { params: { personId: string }; result: { token: string; path: string; expiresAt: number } };
  "audit.list": { params: { cursor?: string; limit?: number; action?: string }; result: { items: Array<AuditEntry>; nextCursor?: string } };
  "agents.list": {
    params: Record<string, never>;
    result: { defaultId: string; mainKey: string; scope: string; ownership: string; selectionRequired: boolean; agents: Array<AgentRow> };
  };
  "agents.get": { params: { agentId: string }; result: AgentRow & { description?: string } };
  "agents.create": {
    params: {
      name: string;
      model?: string;
      emoji?: string;
      avatar?: string;
      theme?: string;
      description?: string;
      visibility?: "workspace" | "private";
      workspace?: string;
    };
    result: { ok: boolean; agentId: string; name: string; workspace: string; model?: string };
  };
  "agents.update": {
    params: {
      agentId: string;
      name?: string;
      model?: string | null;
      emoji?: string;
      avatar?: string;
      theme?: string;
      description?: string;
      visibility?: "workspace" | "private";
      workspace?: string;
    };
    result: { ok: boolean; agentId: string };
  };
  "agents.delete": { params: { agentId: string; deleteFiles?: boolean }; result: { ok: boolean; agentId: string; removedBindings: number } };
  "agents.files.list": { params: { agentId: string }; result: { agentId: string; workspace: string; files: Array<AgentFile> } };
  "agents.files.get": { params: { agentId: string; name: string }; result: { agentId: string; workspace: string; file: AgentFile } };
  "agents.files.set": {
    params: { agentId: string; name: string; content: string };
    result: { ok: boolean; agentId: string; workspace: string; file: AgentFile };
  };
  "agents.files.delete": { params: { agentId: string; name: string }; result: { ok: boolean } };
  "sessions.list": {
    params: { limit?: number; offset?: number; search?: string; agentId?: string; archived?: boolean };
    result: {
      ts: number;
      count: number;
      totalCount: number;
      limitApplied: number;
      nextOffset?: number;
      hasMore: boolean;
      defaults: { modelProvider?: string; model?: string };
      sessions: Array<SessionRow>;
    };
  };
  "sessions.create": {
    params: { agentId?: string; key?: string; label?: string; model?: string; message?: string; visibility?: "workspace" | "private" };
    result: { ok: boolean; key: string; sessionId: string; entry: SessionRow; runStarted: boolean };
  };
  "sessions.patch": {
    params: { key: string; label?: string | null; archived?: boolean; pinned?: boolean; model?: string | null; visibility?: "workspace" | "private" };
    result: { ok: boolean; key: string; entry: SessionRow };
  };
  "sessions.delete": { params: { key: string }; result: { ok: boolean; key: string; deleted: boolean } };
  "sessions.subscribe": { params: Record<string, never>; result: { subscribed: boolean } };
  "sessions.messages.subscribe": { params: { key: string }; result: { subscribed: boolean; key: string } };
  "sessions.messages.unsubscribe": { params: { key: string }; result: { subscribed: boolean; key: string } };
  "chat.history": {
    params: { sessionKey: string; limit?: number; cursor?: string; before?: number };
    result: {
      sessionKey: string;
      sessionId?: string;
      kind?: "delta" | "reset";
      messages?: Array<Message>;
      hasMore?: boolean;
      totalMessages?: number;
      deltaCursor?: string;
      sessionInfo?: SessionRow;
      inFlightRun?: InFlightRun;
    };
  };
  "chat.send": {
    params: {
      sessionKey: string;
      message: string;
      idempotencyKey: string;
      attachments?: Array<{ type: string; mimeType: string; fileName: string; content: string }>;
    };
    result: { runId: string; status: "started" | "in_flight" | "ok" | "queued" };
  };
  "chat.abort": { params: { sessionKey: string; runId?: string }; result: { ok: boolean; aborted: boolean; runIds: Array<string> } };
  "models.list": { params: Record<string, never>; result: { models: Array<ModelRow> } };
  "models.providers.list": { params: Record<string, never>; result: { providers: Array<ProviderView>; hint?: string } };
  "models.providers.set": {
    params: {
      providerId?: string;
      kind: "openai" | "anthropic";
      name: string;
      baseUrl?: string;
      apiKey?: string;
      models?: Array<string>;
      defaultModel?: string;
    };
    result: { provider: ProviderView };
  };
  "models.providers.delete": { params: { providerId: string }; result: { ok: boolean } };
  "models.providers.check": { params: { providerId: string }; result: { ok: boolean; models: Array<string>; error?: string } };
  "usage.summary": {
    params: Record<string, never>;
    result: { period: string; agentRuns: number; inputTokens: number; outputTokens: number; costNanoUsd: string };
  };
}

export interface Events {
  "chat": ChatEvent;
  "agent": AgentEvent;
  "sessions.changed": { sessionKey: string; agentId?: string; reason?: string; ts: number; session?: SessionRow };
  "session.message": { sessionKey: string; agentId?: string; message: Message; messageId?: string; messageSeq?: number };
  "agents.changed": { agentId: string; reason?: string };
  "members.changed": Record<string, never>;
  "tick": { ts: number };
  "shutdown": { reason: string; restartExpectedMs?: number };
}

/** The least role that may call each method; the server decides, the screens only hide what it would refuse. */
export const METHOD_LEVELS = {
  "accounts.state": "anyone",
  "accounts.signup": "anyone",
  "accounts.login": "anyone",
  "accounts.logout": "signedIn",
  "accounts.me": "signedIn",
  "accounts.update": "signedIn",
  "accounts.sessions.list": "signedIn",
  "accounts.sessions.kill": "signedIn",
  "accounts.password.change": "signedIn",
  "accounts.password.reset": "anyone",
  "workspaces.list": "signedIn",
  "workspaces.create": "signedIn",
  "workspaces.get": "viewer",
  "workspaces.rename": "admin",
  "workspaces.delete": "admin",
  "members.list": "viewer",
  "members.setRole": "admin",
  "members.remove": "admin",
  "members.leave": "viewer",
  "invites.create": "admin",
  "invites.list": "admin",
  "invites.revoke": "admin",
  "invites.preview": "anyone",
  "invites.accept": "signedIn",
  "apiKeys.list": "member",
  "apiKeys.create": "member",
  "apiKeys.revoke": "member",
  "grants.create": "platform",
  "grants.list": "platform",
  "grants.revoke": "platform",
  "platform.workspaces.list": "platform",
  "people.list": "platform",
  "people.resetPassword": "platform",
  "audit.list": "admin",
  "agents.list": "viewer",
  "agents.get": "viewer",
  "agents.create": "member",
  "agents.update": "member",
  "agents.delete": "member",
  "agents.files.list": "viewer",
  "agents.files.get": "viewer",
  "agents.files.set": "member",
  "agents.files.delete": "member",
  "sessions.list": "viewer",
  "sessions.create": "member",
  "sessions.patch": "member",
  "sessions.delete": "member",
  "sessions.subscribe": "viewer",
  "sessions.messages.subscribe": "viewer",
  "sessions.messages.unsubscribe": "viewer",
  "chat.history": "viewer",
  "chat.send": "member",
  "chat.abort": "member",
  "models.list": "viewer",
  "models.providers.list": "admin",
  "models.providers.set": "admin",
  "models.providers.delete": "admin",
  "models.providers.check": "admin",
  "usage.summary": "viewer",
} as const satisfies Record<keyof Methods, string>;
