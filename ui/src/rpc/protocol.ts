// Generated from docs/protocol.json by scripts/protocol.mjs. Do not edit.

export const PROTOCOL_HASH = "ca70a56089a8c981";

/** What to stop. */
export type AbortRun = {
  /** Accepted, no effect. */
  agentId?: unknown;
  /** Accepted, no effect. */
  preserveSideRuns?: unknown;
  /** The idempotency key of the message that started it; everything in the session without it. */
  runId?: string | null;
  /** `agent:<agentId>:<rest>`, `main`, or a bare key of the default agent. */
  sessionKey: string;
};

/** What was stopped. */
export type Aborted = {
  aborted: boolean;
  ok: boolean;
  runIds: Array<string>;
};

/** The new agent. */
export type AgentCreated = {
  agentId: string;
  model?: string;
  name: string;
  ok: boolean;
  workspace: string;
};

/** The agent is gone. */
export type AgentDeleted = {
  agentId: string;
  ok: boolean;
  removedBindings: number;
};

/** What a run does. */
export type AgentEvent = {
  agentId: string;
  data: unknown;
  runId: string;
  seq: number;
  sessionId: string;
  sessionKey: string;
  /** `lifecycle`, `assistant`, `tool` or `usage`. */
  stream: "lifecycle" | "assistant" | "tool" | "usage";
  ts: number;
};

/** An agent's share. */
export type AgentHealth = {
  agentId: string;
  heartbeat: NoHeartbeat;
  isDefault: boolean;
  sessions: SessionsHealth;
};

/** The face of an agent. */
export type AgentIdentity = {
  avatar?: string;
  emoji?: string;
  name: string;
  theme?: string;
};

/** The agents of a workspace. */
export type AgentList = {
  agents: Array<AgentRow>;
  defaultId: string;
  mainKey: string;
  ownership: string;
  scope: string;
  selectionRequired: boolean;
};

/** By whom it was answered. */
export type AgentMeta = {
  model?: string;
  provider?: string;
  sessionId: string;
  usage: Tokens;
};

/** The model of an agent. */
export type AgentModel = {
  /** `provider/model`. */
  primary: string;
};

/** An agent in a list. */
export type AgentRow = {
  createdAt: number;
  createdBy: string;
  description?: string;
  id: string;
  identity: AgentIdentity;
  isDefault: boolean;
  kind: string;
  /** What it answers with: its own model, else the workspace's default. */
  model?: AgentModel;
  name: string;
  /** Its own model, where one was chosen. */
  ownModel?: string;
  updatedAt: number;
  /** `workspace` or `private`. */
  visibility: "workspace" | "private";
  /** Where its files are, for OpenClaw's clients. No path of the host. */
  workspace: string;
};

/** The sessions of one agent. */
export type AgentSessions = {
  agentId: string;
  count: number;
  path: string;
  recent: Array<Recent>;
};

/** The agent that was changed. */
export type AgentUpdated = {
  agentId: string;
  ok: boolean;
};

/** An agent was made, changed or deleted. */
export type AgentsChanged = {
  agentId: string;
  /** `create`, `update`, `delete` or `files`. */
  reason: "create" | "update" | "delete" | "files";
};

/** A message to an agent, for clients that wait for the answer. */
export type AskAgent = {
  /** Accepted, no effect. */
  accountId?: unknown;
  /** The default agent without it. */
  agentId?: string | null;
  attachments?: Array<Attachment> | null;
  /** Accepted, no effect. */
  channel?: unknown;
  /** Accepted, no effect. */
  deliver?: unknown;
  /** Accepted, no effect. */
  extraSystemPrompt?: unknown;
  /** Accepted, no effect. */
  groupId?: unknown;
  idempotencyKey: string;
  /** Accepted, no effect. */
  label?: unknown;
  /** Accepted, no effect. */
  lane?: unknown;
  message: string;
  /** Accepted, no effect. */
  replyChannel?: unknown;
  /** Accepted, no effect. */
  replyTo?: unknown;
  /** Accepted, no effect. */
  sessionId?: unknown;
  /** The agent's main session without it. */
  sessionKey?: string | null;
  /** Accepted, no effect. */
  thinking?: unknown;
  /** Accepted, no effect. */
  threadId?: unknown;
  /** Accepted, no effect. */
  timeout?: unknown;
  /** Accepted, no effect. */
  to?: unknown;
};

/** What `health` takes; nothing of it has an effect. */
export type AskHealth = {
  /** Accepted, no effect. */
  probe?: unknown;
};

/** What `status` takes; nothing of it has an effect. */
export type AskStatus = {
  /** Accepted, no effect. */
  includeChannelSummary?: unknown;
  /** Accepted, no effect. */
  includeCliProjection?: unknown;
};

/** The message is stored, and the agent is asked. */
export type Asked = {
  acceptedAt: number;
  agentId: string;
  runId: string;
  sessionKey: string;
  /** Always `accepted`. */
  status: string;
};

/** A file that comes with a message. */
export type Attachment = {
  /** The file in base 64: UTF-8 text, at most 512 KiB in all files together. */
  content: string;
  fileName?: string | null;
  mimeType?: string | null;
  /** Accepted, no effect. */
  type?: string | null;
};

/** One change. */
export type AuditEntry = {
  action: string;
  /** The person who did it, or on whose behalf it was done. */
  actor: string;
  /** `person`, `key` or `work`. */
  actorKind: string;
  at: number;
  id: string;
  ip?: string;
  /** The key by which it was done, if one was used. */
  onBehalfOf?: string;
  outcome: string;
  requestId: string;
  resource?: string;
  /** The number in the trail, without gaps. */
  seq: number;
};

/** A page of the trail. */
export type AuditPage = {
  items: Array<AuditEntry>;
  nextCursor?: string;
};

/** A block of a message. */
export type Block = ({
  /** The words. */
  text: string;
  type: "text";
} | {
  /** The words. */
  thinking: string;
  type: "thinking";
} | {
  /** A JSON object. */
  arguments: unknown;
  /** By which its result names it. */
  id: string;
  /** The tool. */
  name: string;
  type: "toolCall";
});

/** The first thing a client hears. */
export type Challenge = {
  /** To be signed by whoever proves to be a device. */
  nonce: string;
  ts: number;
};

/** The old password and the new one. */
export type ChangeParams = {
  currentPassword: string;
  /** 15 to 128 characters. */
  newPassword: string;
};

/** The password is changed, and this browser is signed in anew. */
export type Changed = {
  /** Of the new sign-in. */
  csrfToken: string;
  /** Always true: a failure is an error. */
  ok: boolean;
};

/** What an agent says. */
export type ChatEvent = {
  agentId: string;
  /** The new piece. */
  deltaText?: string;
  /** `refusal`, `timeout`, `rate_limit`, `context_length`, `auth`, `interrupted` or `unknown`. */
  errorKind?: string;
  errorMessage?: string;
  message?: Message;
  /** The piece begins a new text: tools ran in between. */
  replace?: boolean;
  /** The idempotency key of the message that started it. */
  runId: string;
  /** Counts per run, over `chat` and `agent` events. */
  seq: number;
  sessionKey: string;
  /** `delta`, `final`, `aborted` or `error`. */
  state: "delta" | "final" | "aborted" | "error";
  stopReason?: string;
};

/** Which provider: the id of one of the workspace's, or the name of one of the operator's. */
export type CheckProvider = {
  providerId: string;
};

/** The name once more, so that nobody deletes the wrong one. */
export type Confirmed = {
  /** The workspace's name, exactly. */
  confirmName: string;
};

/** What a message says: plain text, or blocks. */
export type Content = (string | Array<Block>);

/** A new agent. */
export type CreateAgent = {
  avatar?: string | null;
  /** What it is for, up to 2,000 characters. */
  description?: string | null;
  emoji?: string | null;
  /** `provider/model`. */
  model?: string | null;
  /** 1 to 80 characters, unique in the workspace. */
  name: string;
  theme?: string | null;
  /** `workspace` without it. */
  visibility?: (Visibility | null);
  /** Accepted, no effect. */
  workspace?: string | null;
};

/** Whom to invite, as what. */
export type CreateParams = {
  /** The only address whose account may accept; anybody's without it. */
  email?: string | null;
  /** For how many days it works, 1 to 30; 7 without it. */
  expiresInDays?: number | null;
  role: Role;
};

/** Which key to make. */
export type CreateParams2 = {
  /** For how many days it works, 1 to 365; until it is revoked without it. */
  expiresInDays?: number | null;
  /** `api` without it. */
  kind?: (KeyKind | null);
  /** What it is for, 1 to 100 characters. */
  name: string;
  /** At least one. */
  scopes: Array<KeyScope>;
};

/** Where to, why, and for how long. */
export type CreateParams3 = {
  /** For how many minutes, 5 to 240. */
  minutes: number;
  /** Why, 10 to 500 characters, one line. */
  reason: string;
  workspaceId: string;
};

/** A new session. */
export type CreateSession = {
  /** An agent's id, or `main` for the default agent. */
  agentId?: string | null;
  /** A key of your own; one is made without it. */
  key?: string | null;
  label?: string | null;
  /** `provider/model`, instead of the agent's. */
  model?: string | null;
  /** As its agent without it. */
  visibility?: (Visibility | null);
};

/** An invitation, with the only sight of its token. */
export type Created = {
  invite: InviteView;
  /** The link, below this server's address. */
  path: string;
  /** Shown this once. */
  token: string;
};

/** A key, with the only sight of its text. */
export type Created2 = {
  key: KeyView;
  /** The key itself, shown this once. */
  secret: string;
};

/** A grant that was made. */
export type Created3 = {
  grant: GrantView;
};

/** What a session uses that says nothing else. */
export type Defaults = {
  model?: string;
  modelProvider?: string;
};

/** Which agent to delete. */
export type DeleteAgent = {
  /** An agent's id, or `main` for the default agent. */
  agentId: string;
  /** Accepted, no effect: the files are rows of the agent and go with it. */
  deleteFiles?: boolean | null;
};

/** The session is gone. */
export type Deleted = {
  archived: Array<unknown>;
  deleted: boolean;
  key: string;
  ok: boolean;
};

/** One session. */
export type Described = {
  session: SessionRow;
};

/** Some results say only that it is done. */
export type Done = {
  /** Always true: a failure is an error. */
  ok: boolean;
};

/** An object without members: channels come later. */
export type Empty = Record<string, unknown>;

/** A file. */
export type File = {
  content?: string;
  missing: boolean;
  name: string;
  path: string;
  /** In bytes. */
  size?: number;
  updatedAtMs?: number;
};

/** The files of an agent. */
export type FileList = {
  agentId: string;
  files: Array<File>;
  workspace: string;
};

/** The file that was written. */
export type FileSet = {
  agentId: string;
  file: File;
  ok: boolean;
  workspace: string;
};

/** A file of an agent. */
export type FileShown = {
  agentId: string;
  file: File;
  workspace: string;
};

/** Which agent. */
export type GetAgent = {
  /** An agent's id, or `main` for the default agent. */
  agentId: string;
};

/** Which file. */
export type GetFile = {
  /** An agent's id, or `main` for the default agent. */
  agentId: string;
  /** A relative path such as `AGENTS.md` or `notes/today.md`. */
  name: string;
};

/** Which part of a history. */
export type GetHistory = {
  /** Accepted, no effect. */
  agentId?: unknown;
  /** Only messages whose `seq` is below. */
  before?: number | null;
  /** The `deltaCursor` of an earlier answer. */
  cursor?: string | null;
  /** Accepted, no effect. */
  inputRunIds?: unknown;
  /** 1 to 1,000; 200 without it. */
  limit?: number | null;
  /** Accepted, no effect. */
  maxBytes?: unknown;
  /** Accepted, no effect. */
  maxChars?: unknown;
  /** Accepted, no effect. */
  messageId?: unknown;
  /** Accepted, no effect. */
  offset?: unknown;
  /** Accepted, no effect. */
  pendingBefore?: unknown;
  /** Accepted, no effect. */
  sessionId?: unknown;
  /** `agent:<agentId>:<rest>`, `main`, or a bare key of the default agent. */
  sessionKey: string;
};

/** Whose face. */
export type GetIdentity = {
  /** The default agent without it. */
  agentId?: string | null;
  /** The key of one of the agent's sessions, instead of its id. */
  sessionKey?: string | null;
};

/** Which run. */
export type GetResult = {
  runId: string;
  /** Its session, where one key was used in several. */
  sessionKey?: string | null;
  /** 0 to 3,600,000; 600,000 without it. */
  timeoutMs?: number | null;
};

/** A grant. */
export type GrantView = {
  createdAt: number;
  /** The super admin whose grant it is. */
  createdBy: string;
  expiresAt: number;
  id: string;
  reason: string;
  /** Present if it was ended before its time. */
  revokedAt?: number;
  workspaceId: string;
  workspaceName: string;
};

/** Grants. */
export type Grants = {
  grants: Array<GrantView>;
};

/** The server is up. */
export type Health = {
  agents: Array<AgentHealth>;
  channelLabels: Empty;
  channelOrder: Array<unknown>;
  channels: Empty;
  defaultAgentId: string;
  durationMs: number;
  heartbeatSeconds: number;
  ok: boolean;
  sessions: SessionsHealth;
  ts: number;
};

/** Heartbeats of agents: none yet. */
export type Heartbeat = {
  agents: Array<unknown>;
  defaultAgentId: string;
};

/** A part of a history. */
export type History = {
  defaults: Defaults;
  deltaCursor: string;
  /** Is there something older? */
  hasMore: boolean;
  inFlightRun?: InFlight;
  /** `delta` where a cursor was given, `reset` where the session began anew since. */
  kind?: "delta" | "reset";
  messages: Array<Message>;
  sessionId?: string;
  sessionInfo?: SessionRow;
  /** As it was asked. */
  sessionKey: string;
  totalMessages: number;
};

/** A name and a face. */
export type Identity = {
  agentId: string;
  avatar?: string;
  emoji?: string;
  name: string;
};

/** What a client that comes in the middle is told of a run. */
export type InFlight = {
  runId: string;
  /** The `seq` of the `chat` event that told the last of it: pieces up to it are in the text. */
  seq: number;
  startedAt: number;
  /** The text so far. */
  text: string;
};

/** Words for a session. */
export type InjectMessage = {
  /** Put before the words in brackets; at most 100 characters. */
  label?: string | null;
  message: string;
  /** `agent:<agentId>:<rest>`, `main`, or a bare key of the default agent. */
  sessionKey: string;
};

/** The words are stored. */
export type Injected = {
  messageId: string;
  ok: boolean;
};

/** An invitation. */
export type InviteView = {
  createdAt: number;
  createdBy: string;
  email?: string;
  expiresAt: number;
  id: string;
  role: Role;
  state: State2;
};

/** The workspace's invitations. */
export type Invites = {
  invites: Array<InviteView>;
};

/** A workspace from outside. */
export type Item = {
  agents: number;
  createdAt: number;
  id: string;
  members: number;
  name: string;
};

/** An account. */
export type Item2 = {
  createdAt: number;
  email: string;
  id: string;
  isSuperAdmin: boolean;
  /** To within five minutes. */
  lastSeenAt?: number;
  name: string;
};

/** Where the person is a member now. */
export type Joined = {
  workspaceId: string;
};

/** What a key is for. */
export type KeyKind = ("api" | "service");

/** What a key may do. Each includes the ones before it. */
export type KeyScope = ("read" | "write" | "admin");

/** An API key, without its text. */
export type KeyView = {
  createdAt: number;
  createdBy: string;
  /** Absent for one that works until it is revoked. */
  expiresAt?: number;
  /** What it begins with and its last four characters. */
  hint: string;
  id: string;
  kind: KeyKind;
  /** To within five minutes; absent if it never was. */
  lastUsedAt?: number;
  name: string;
  scopes: Array<KeyScope>;
};

/** API keys. */
export type Keys = {
  keys: Array<KeyView>;
};

/** Which sign-in. */
export type KillParams = {
  sessionId: string;
};

/** What `agents.list` takes: nothing. */
export type ListAgents = Record<string, never>;

/** Which entries. */
export type ListAudit = {
  /** Only this method, such as `agents.create`. */
  action?: string | null;
  /** The `nextCursor` of the page before; the newest page without it. */
  cursor?: string | null;
  /** Entries per page, 1 to 200. */
  limit?: number | null;
};

/** Which agent. */
export type ListFiles = {
  /** An agent's id, or `main` for the default agent. */
  agentId: string;
};

/** Which models. Fields of OpenClaw's protocol are accepted and have no effect. */
export type ListModels = Record<string, unknown>;

/** Which workspaces. */
export type ListParams = {
  /** The `nextCursor` of the page before; the newest without it. */
  cursor?: string | null;
  /** Workspaces per page, 1 to 200; 50 without it. */
  limit?: number | null;
  /** Only names that contain this. */
  search?: string | null;
};

/** Which people. */
export type ListParams2 = {
  /** The `nextCursor` of the page before; the newest without it. */
  cursor?: string | null;
  /** People per page, 1 to 200; 50 without it. */
  limit?: number | null;
  /** Only names and addresses that contain this. */
  search?: string | null;
};

/** Which sessions. */
export type ListSessions = {
  /** Only those used within so many minutes. */
  activeMinutes?: number | null;
  /** An agent's id, or `main` for the default agent. */
  agentId?: string | null;
  /** Archived ones instead of the others. */
  archived?: boolean | null;
  /** Accepted, no effect. */
  configuredAgentsOnly?: unknown;
  /** Accepted, no effect. */
  includeDerivedTitles?: unknown;
  /** Accepted, no effect. */
  includeGlobal?: unknown;
  /** Accepted, no effect. */
  includeLastMessage?: unknown;
  /** Accepted, no effect. */
  includeUnknown?: unknown;
  /** Only a session with exactly this label. */
  label?: string | null;
  /** 1 to 500; 100 without it. */
  limit?: number | null;
  offset?: number | null;
  /** Accepted, no effect. */
  ownerFirst?: unknown;
  search?: string | null;
  /** Accepted, no effect. */
  sortBy?: unknown;
  /** Accepted, no effect. */
  spawnedBy?: unknown;
};

/** A sign-in. */
export type LoginParams = {
  /** The account's e-mail address, in any case. */
  email: string;
  /** Its password. */
  password: string;
};

/** Which member. */
export type MemberParams = {
  personId: string;
};

/** A member. */
export type MemberView = {
  /** Absent for viewers. */
  email?: string;
  joinedAt: number;
  name: string;
  personId: string;
  role: Role;
};

/** Who belongs to the workspace. */
export type Members = {
  members: Array<MemberView>;
};

/** Nothing but that it happened: clients ask for the list again. */
export type MembersChanged = Record<string, unknown>;

/** A message on the wire: as it is stored, with what its row says. Only ever described: see [`wire`]. */
export type Message = {
  /** Where it stands. */
  __openclaw: MessagePlace;
  attachments?: Array<TextFile>;
  content: Content;
  errorMessage?: string;
  /** The client's key with `:user` behind it, by which it recognises its own message. */
  idempotencyKey?: string;
  isError?: boolean;
  model?: string;
  provider?: string;
  /** `user`, `assistant` or `toolResult`. */
  role: "user" | "assistant" | "toolResult";
  /** Who said it, where a member did. */
  sender?: Sender;
  /** `stop`, `toolUse`, `length`, `aborted`, `error`, `interrupted` or `injected`. */
  stopReason?: string;
  timestamp: number;
  toolCallId?: string;
  toolName?: string;
  usage?: WireUsage;
};

/** Where a message stands. */
export type MessagePlace = {
  id: string;
  /** The run to which it belongs: the idempotency key of the message that started it. */
  runId?: string;
  /** Its number in the session, from 1. */
  seq: number;
};

/** What a run took. */
export type Meta = {
  aborted: boolean;
  agentMeta: AgentMeta;
  durationMs: number;
};

/** The models of a workspace. */
export type ModelList = {
  models: Array<ModelRow>;
};

/** A model. */
export type ModelRow = {
  /** The provider's name of the model. */
  id: string;
  isDefault: boolean;
  name: string;
  provider: string;
};

/** Which provider. */
export type NameProvider = {
  providerId: string;
};

/** Which session. */
export type NameSession = {
  /** Accepted, no effect. */
  agentId?: unknown;
  /** Accepted, no effect. */
  deleteTranscript?: unknown;
  /** Accepted, no effect. */
  includeApprovals?: unknown;
  /** `agent:<agentId>:<rest>`, `main`, or a bare key of the default agent. */
  key: string;
  /** Accepted, no effect. */
  reason?: unknown;
};

/** What it is called. */
export type Named = {
  /** 1 to 100 characters, one line. */
  name: string;
};

/** Heartbeats of agents: none yet. */
export type NoHeartbeat = {
  enabled: boolean;
  every: string;
};

/** Parameters of a method that takes none. */
export type Nothing = Record<string, never>;

/** A workspace from within. */
export type Overview = {
  /** How many agents the caller may see. */
  agents: number;
  createdAt: number;
  id: string;
  /** How many people belong to it. */
  members: number;
  name: string;
  /** What the caller is here. */
  role: Role;
  /** How many sessions the caller may see. */
  sessions: number;
};

/** A page of workspaces. */
export type Page = {
  items: Array<Item>;
  /** For the next page; absent on the last. */
  nextCursor?: string;
};

/** A page of people. */
export type Page2 = {
  items: Array<Item2>;
  /** For the next page; absent on the last. */
  nextCursor?: string;
};

/** Changes to a session. */
export type PatchSession = {
  /** Accepted, no effect. */
  agentId?: unknown;
  archived?: boolean | null;
  /** `agent:<agentId>:<rest>`, `main`, or a bare key of the default agent. */
  key: string;
  label?: string | null;
  /** `provider/model`; `null` goes back to the agent's. */
  model?: string | null;
  pinned?: boolean | null;
  /** Accepted, no effect. */
  reasoningLevel?: unknown;
  /** Accepted, no effect. */
  responseUsage?: unknown;
  /** Accepted, no effect. */
  sendPolicy?: unknown;
  /** Accepted, no effect. */
  thinkingLevel?: unknown;
  /** Accepted, no effect. */
  unread?: unknown;
  /** Accepted, no effect. */
  verboseLevel?: unknown;
  visibility?: (Visibility | null);
};

/** The session as it is now. */
export type Patched = {
  entry: SessionRow;
  key: string;
  ok: boolean;
  path: string;
};

/** A message for a person. */
export type Payload = {
  text: string;
};

/** A person, as everybody who may know of them sees them. */
export type PersonView = {
  /** Their e-mail address, in lower case. */
  email: string;
  /** Their id. */
  id: string;
  /** Do they run this server? */
  isSuperAdmin: boolean;
  /** Their name. */
  name: string;
};

/** One connection, or the gateway itself. */
export type PresenceEntry = {
  /** The program's id, such as `pmos-ui`. */
  clientId?: string;
  deviceFamily?: string;
  /** The device that it proved to be. */
  deviceId?: string;
  /** What it calls itself. */
  host?: string;
  /** Which of the program's instances it is, in its own words. */
  instanceId?: string;
  /** `ui`, `webchat`, or `gateway` for the server itself. */
  mode: string;
  /** Connected since. */
  onlineSince?: number;
  platform?: string;
  /** `connect`, or `self` for the server itself. */
  reason: string;
  roles?: Array<string>;
  scopes?: Array<string>;
  /** The same for people, in a line. */
  text: string;
  /** When this was written down. */
  ts: number;
  /** The person. */
  user?: PresentUser;
  /** The program's version. */
  version?: string;
};

/** The payload of the event `presence`. */
export type Present = {
  presence: Array<PresenceEntry>;
};

/** A person who is connected. */
export type PresentUser = {
  id: string;
};

/** What an invitation is to. */
export type Preview = {
  expiresAt: number;
  /** The name of who invited; absent if they have left. */
  invitedBy?: string;
  role: Role;
  workspaceName: string;
};

/** The last words of one session. */
export type Preview2 = {
  items: Array<PreviewItem>;
  key: string;
  /** `ok`, `empty` or `missing`. */
  status: "ok" | "empty" | "missing";
};

/** One message, cut short. */
export type PreviewItem = {
  role: string;
  text: string;
};

/** Which sessions, and how much of them. */
export type PreviewSessions = {
  /** 1 to 64 keys. */
  keys: Array<string>;
  /** Messages of each, 1 to 50; 12 without it. */
  limit?: number | null;
  /** Characters of each message, 20 to 2,000; 240 without it. */
  maxChars?: number | null;
};

/** The last words of some sessions. */
export type Previews = {
  previews: Array<Preview2>;
  ts: number;
};

/** Whether a provider answers. */
export type ProviderChecked = {
  /** Why not, in the provider's words where it said any. */
  error?: string;
  models: Array<string>;
  ok: boolean;
};

/** Which API a provider speaks. */
export type ProviderKind = ("openai" | "anthropic");

/** The providers that a workspace may use. */
export type ProviderList = {
  /** What to set up, where there is none. */
  hint?: string;
  providers: Array<ProviderRow>;
};

/** A provider. */
export type ProviderRow = {
  baseUrl: string;
  defaultModel?: string;
  /** The name, for one of the operator's. */
  id: string;
  /** The end of the key, to tell keys apart. */
  keyHint?: string;
  /** `openai` or `anthropic`: which API it speaks. */
  kind: "openai" | "anthropic";
  models: Array<string>;
  name: string;
  /** `workspace` or `operator`. */
  source: "workspace" | "operator";
};

/** The provider as it is now. */
export type ProviderSet = {
  provider: ProviderRow;
};

/** A session that was used lately. */
export type Recent = {
  age: number;
  key: string;
  updatedAt: number;
};

/** The session, begun anew. */
export type Reset = {
  entry: SessionRow;
  key: string;
  ok: boolean;
};

/** A reset link. */
export type ResetLink = {
  expiresAt: number;
  /** The link, below this server's address. */
  path: string;
  /** Shown this once. */
  token: string;
};

/** The token of a reset link, and the new password. */
export type ResetParams = {
  /** 15 to 128 characters. */
  newPassword: string;
  /** What stands behind `#token=` in the link. */
  token: string;
};

/** Whose password. */
export type ResetParams2 = {
  personId: string;
};

/** One of three ways to name a session. */
export type ResolveSession = {
  /** Accepted, no effect. */
  agentId?: unknown;
  /** Accepted, no effect. */
  includeGlobal?: unknown;
  /** Accepted, no effect. */
  includeUnknown?: unknown;
  /** `agent:<agentId>:<rest>`, `main`, or a bare key of the default agent. */
  key?: string | null;
  label?: string | null;
  sessionId?: string | null;
};

/** The session's canonical key. */
export type Resolved = {
  agentId: string;
  key: string;
  ok: boolean;
};

/** Which invitation. */
export type RevokeParams = {
  inviteId: string;
};

/** Which key. */
export type RevokeParams2 = {
  keyId: string;
};

/** Which grant. */
export type RevokeParams3 = {
  grantId: string;
};

/** What a person is in one workspace. Ordered: each role may do what the ones before it may.
 *  
 *  `super_admin` is no role: it is a flag of the account, and works inside a workspace only through a grant. */
export type Role = ("viewer" | "member" | "admin");

/** Who becomes what. */
export type RoleParams = {
  personId: string;
  role: Role;
};

/** What an agent said. */
export type RunResult = {
  result: Said;
  runId: string;
  status: string;
  summary: string;
};

/** How a run stands. */
export type RunStatus = {
  endedAt?: number;
  error?: string;
  runId: string;
  startedAt?: number;
  /** `ok`, `error` or `timeout`. */
  status: "ok" | "error" | "timeout";
  stopReason?: string;
};

/** The words, and what they took. */
export type Said = {
  meta: Meta;
  payloads: Array<Payload>;
};

/** A message. */
export type SendMessage = {
  /** Accepted, no effect. */
  agentId?: unknown;
  /** At most 10 text files, 512 KiB together. */
  attachments?: Array<Attachment> | null;
  /** Accepted, no effect. */
  deliver?: unknown;
  /** Accepted, no effect. */
  expectedLeafEntryId?: unknown;
  /** Accepted, no effect. */
  fastMode?: unknown;
  /** 1 to 200 characters, new for each message. */
  idempotencyKey: string;
  /** Accepted, no effect. */
  intent?: unknown;
  message: string;
  /** Accepted, no effect. */
  queueMode?: unknown;
  /** Accepted, no effect. */
  replyToId?: unknown;
  /** Accepted, no effect. */
  sessionId?: unknown;
  /** `agent:<agentId>:<rest>`, `main`, or a bare key of the default agent. */
  sessionKey: string;
  /** Accepted, no effect. */
  thinking?: unknown;
  /** Accepted, no effect. */
  timeoutMs?: unknown;
};

/** Who said something. */
export type Sender = {
  id: string;
  /** Their name when they said it. */
  name: string;
};

/** The message is stored. */
export type Sent = {
  messageSeq?: number;
  runId: string;
  /** `started`, `queued`, `in_flight`, `ok` or, for a stop phrase, `aborted`. */
  status: "started" | "queued" | "in_flight" | "ok" | "aborted";
};

/** The new session. */
export type SessionCreated = {
  entry: SessionRow;
  key: string;
  ok: boolean;
  runStarted: boolean;
  sessionId: string;
};

/** What a browser needs to know once somebody is signed in. */
export type SessionGrant = {
  /** Sent back as the header `Pmos-Csrf` with every call that the cookie authenticates. */
  csrfToken: string;
  /** Who is signed in. */
  person: PersonView;
  /** Where they may work. */
  workspaces: Array<WorkspaceView>;
};

/** A page of sessions. */
export type SessionList = {
  /** On this page. */
  count: number;
  defaults: Defaults;
  hasMore: boolean;
  limitApplied: number;
  nextOffset?: number;
  /** Where they are kept, for OpenClaw's clients. No path of the host. */
  path: string;
  sessions: Array<SessionRow>;
  totalCount: number;
  ts: number;
};

/** A message joined a session's history. */
export type SessionMessage = {
  agentId: string;
  message: Message;
  messageId: string;
  messageSeq: number;
  sessionKey: string;
};

/** A session in a list. */
export type SessionRow = {
  activeRunIds: Array<string>;
  agentId: string;
  archived: boolean;
  createdAt: number;
  createdBy: string;
  /** The first words that a person said in it. */
  derivedTitle?: string;
  displayName?: string;
  estimatedCostUsd: number;
  hasActiveRun: boolean;
  inputTokens: number;
  isMain: boolean;
  key: string;
  kind: string;
  label?: string;
  /** The last words that anybody said in it. */
  lastMessagePreview?: string;
  messageCount: number;
  model?: string;
  modelProvider?: string;
  outputTokens: number;
  pinned: boolean;
  sessionId: string;
  /** How its last run went: `done`, `aborted`, `error` or `interrupted`; absent before the first. */
  status?: "running" | "done" | "aborted" | "error" | "interrupted";
  totalTokens: number;
  updatedAt: number;
  /** `workspace` or `private`. */
  visibility: "workspace" | "private";
};

/** A browser in which the account is signed in. */
export type SessionView = {
  createdAt: number;
  /** Is it the one that asks? */
  current: boolean;
  /** It ends then, however much it is used. */
  expiresAt: number;
  id: string;
  /** The address from which it signed in. */
  ip?: string;
  lastSeenAt: number;
  /** What the browser calls itself. */
  userAgent?: string;
};

/** The account's sign-ins. */
export type Sessions = {
  sessions: Array<SessionView>;
};

/** A session was made, changed, used or deleted. */
export type SessionsChanged = {
  activeRunIds: Array<string>;
  agentId: string;
  hasActiveRun: boolean;
  /** `end` or `error`, where a run ended. */
  phase?: string;
  /** `create`, `send`, `run`, `patch`, `reset`, `inject` or `delete`. */
  reason: string;
  /** The run that ended. */
  runId?: string;
  /** Absent when it was deleted. */
  session?: SessionRow;
  sessionKey: string;
  status?: string;
  ts: number;
};

/** The sessions of the workspace. */
export type SessionsHealth = {
  count: number;
  path: string;
  recent: Array<Recent>;
};

/** The sessions, over all and by agent. */
export type SessionsStatus = {
  byAgent: Array<AgentSessions>;
  count: number;
  defaults: Defaults;
  paths: Array<string>;
  recent: Array<Recent>;
};

/** A file to write. */
export type SetFile = {
  /** An agent's id, or `main` for the default agent. */
  agentId: string;
  content: string;
  /** A relative path such as `AGENTS.md` or `notes/today.md`. */
  name: string;
};

/** A provider to set up or change. */
export type SetProvider = {
  /** Without it, a changed provider keeps its key if its address stays. */
  apiKey?: string | null;
  /** `https://…`, a public address; the provider's own without it. */
  baseUrl?: string | null;
  defaultModel?: string | null;
  kind: ProviderKind;
  models?: Array<string> | null;
  /** 1 to 40 of a-z, 0-9 and -, unique in the workspace: models are named with it. */
  name: string;
  /** The one to change; a new one without it. */
  providerId?: string | null;
};

/** Why the server goes. */
export type Shutdown = {
  reason: string;
};

/** Who may make an account for themselves, once the first exists. */
export type SignUp = ("open" | "invite" | "closed");

/** A new account. */
export type SignUpParams = {
  /** Printed by the server at its start, as long as there is no account. */
  bootstrapToken?: string | null;
  /** The e-mail address with which to sign in. */
  email: string;
  /** From an invitation's link. */
  inviteToken?: string | null;
  /** The person's name, 1 to 100 characters. */
  name: string;
  /** 15 to 128 characters. */
  password: string;
};

/** How to begin. */
export type State = {
  /** Is the first account still to be made? */
  firstStart: boolean;
  /** Who may sign up. */
  signUp: SignUp;
  /** The version of the server. */
  version: string;
};

/** What has become of an invitation. */
export type State2 = ("pending" | "accepted" | "revoked" | "expired");

/** The workspace at a glance. */
export type Status = {
  channelSummary: Array<unknown>;
  heartbeat: Heartbeat;
  queuedSystemEvents: Array<unknown>;
  runtimeVersion: string;
  sessions: SessionsStatus;
};

/** Accepted as `sessions.list` takes them, no effect: the list is not sent along. */
export type Subscribe = Record<string, unknown>;

/** This connection is told from now on. */
export type Subscribed = {
  key?: string;
  subscribed: boolean;
};

/** Over which time. */
export type Summarize = {
  /** Days back from now, 1 to 365; 30 without it. */
  days?: number | null;
};

/** A text file that came with a message. */
export type TextFile = {
  fileName: string;
  mimeType: string;
  text: string;
};

/** That the line is alive. */
export type Tick = {
  ts: number;
};

/** The token of an invitation. */
export type TokenParams = {
  /** What stands behind `#token=` in the link. */
  token: string;
};

/** Tokens of a run. */
export type Tokens = {
  input: number;
  output: number;
  total: number;
};

/** Changes to an agent. */
export type UpdateAgent = {
  /** An agent's id, or `main` for the default agent. */
  agentId: string;
  avatar?: string | null;
  description?: string | null;
  emoji?: string | null;
  /** `provider/model`; `null` goes back to the workspace's default. */
  model?: string | null;
  name?: string | null;
  theme?: string | null;
  visibility?: (Visibility | null);
  /** Accepted, no effect. */
  workspace?: string | null;
};

/** What may be changed of an account. */
export type UpdateParams = {
  /** The new name, 1 to 100 characters. */
  name: string;
};

/** The account as it is now. */
export type Updated = {
  person: PersonView;
};

/** What was used. */
export type UsageSummary = {
  agentRuns: number;
  apiCalls: number;
  /** Billionths of a US dollar, as text: it may exceed what JavaScript's numbers hold. */
  costNanoUsd: string;
  from: number;
  inputTokens: number;
  outputTokens: number;
  to: number;
};

/** Who may see it. */
export type Visibility = ("workspace" | "private");

/** Which run, and how long. */
export type WaitForRun = {
  runId: string;
  /** 0 to 600,000; 30,000 without it. */
  timeoutMs?: number | null;
};

/** In US dollars. */
export type WireCost = {
  total: number;
};

/** Tokens and cost of a message. */
export type WireUsage = {
  cacheRead: number;
  cacheWrite: number;
  cost: WireCost;
  input: number;
  output: number;
  totalTokens: number;
};

/** A workspace, as somebody who may work in it sees it. */
export type WorkspaceView = {
  /** When it was made. */
  createdAt: number;
  /** Until when a super admin may act there; absent for members. */
  grantExpiresAt?: number;
  /** Its id. */
  id: string;
  /** Its name. */
  name: string;
  /** What the caller is there. */
  role: Role;
};

/** Where the caller may work. */
export type Workspaces = {
  workspaces: Array<WorkspaceView>;
};

export interface Methods {
  /** Sign in with e-mail address and password. Over HTTP the answer sets the session cookie.
   *  
   *  A sign-in ends after 12 hours without a call, and after 7 days in any case. Fails with `UNAUTHENTICATED`, the
   *  same for a wrong password and an unknown address. Each failure makes the next attempt from that network wait
   *  longer, 1 second to 15 minutes: `RATE_LIMITED` with `retryAfterMs`. */
  "accounts.login": { params: LoginParams; result: SessionGrant };
  /** Sign out of this browser. The cookie is cleared and its open connections end within a second. */
  "accounts.logout": { params: Nothing; result: Done };
  /** Who is signed in, where they may work, and the CSRF token of this sign-in. */
  "accounts.me": { params: Nothing; result: SessionGrant };
  /** Change one's password. Every other sign-in of the account ends; the answer sets a new cookie for this one.
   *  
   *  Fails with `INVALID_REQUEST` that names `currentPassword` if that is wrong, `newPassword` if that is weak, and with
   *  `RATE_LIMITED` after failures as for `accounts.login`. API keys go on working. */
  "accounts.password.change": { params: ChangeParams; result: Changed };
  /** Set a new password with the token of a reset link, which works once and for an hour.
   *  
   *  Every sign-in of the account ends. Fails with `INVALID_REQUEST` if the token does not hold or the password is weak. */
  "accounts.password.reset": { params: ResetParams; result: Done };
  /** End a sign-in of this account. Its open connections end within a second. */
  "accounts.sessions.kill": { params: KillParams; result: Done };
  /** The browsers in which this account is signed in, the last used first. */
  "accounts.sessions.list": { params: Nothing; result: Sessions };
  /** Make an account and sign in with it.
   *  
   *  The first account of a server needs `bootstrapToken`, becomes super admin and gets a workspace of its own. Later
   *  ones need what `accounts.state` says: `inviteToken` joins the workspace of the invitation at once; without one,
   *  where sign-up is open, a workspace of one's own is made. Over HTTP the answer sets the session cookie.
   *  Fails with `FORBIDDEN` where the policy does not allow it, `NOT_FOUND` if the invitation does not hold,
   *  `INVALID_REQUEST` for a weak password, `CONFLICT` if the address has an account. */
  "accounts.signup": { params: SignUpParams; result: SessionGrant };
  /** How to begin on this server: who may sign up, and whether the first account is still to be made. */
  "accounts.state": { params: Nothing; result: State };
  /** Change one's name, 1 to 100 characters. Every workspace shows the new one at once. */
  "accounts.update": { params: UpdateParams; result: Updated };
  /** Ask an agent, and wait for its answer: the first answer says `accepted`, the second holds the words.
   *  
   *  Over a socket both carry the request's id; over HTTP only the first comes, and `agent.result` gives the second. */
  "agent": { params: AskAgent; result: Asked };
  /** The name and face of an agent, by its id or by the key of one of its sessions. */
  "agent.identity.get": { params: GetIdentity; result: Identity };
  /** Wait for a run to end, and give what the agent said. The second answer of the method `agent`.
   *  
   *  Fails with `UNAVAILABLE` and the run's own words if it ended in an error. */
  "agent.result": { params: GetResult; result: RunResult };
  /** Wait for a run to end. `runId` is the idempotency key of the message that started it.
   *  
   *  Answers with `status` `timeout` if it is still on after `timeoutMs`. */
  "agent.wait": { params: WaitForRun; result: RunStatus };
  /** Create an agent. The name must be unique in the workspace.
   *  
   *  `model` is `provider/model`; without it the agent uses the workspace's default. Fails with `CONFLICT` if the name
   *  is taken. `workspace` is accepted for OpenClaw's clients and has no effect. */
  "agents.create": { params: CreateAgent; result: AgentCreated };
  /** Delete an agent with its files, sessions and messages. There is no undo.
   *  
   *  Only its maker and admins may. Fails with `CONFLICT` for the default agent. */
  "agents.delete": { params: DeleteAgent; result: AgentDeleted };
  /** Delete a file.
   *  
   *  Only the agent's maker and admins may. */
  "agents.files.delete": { params: GetFile; result: Done };
  /** One file with its content. A well-known file that was never written is answered as missing. */
  "agents.files.get": { params: GetFile; result: FileShown };
  /** The files of an agent: the well-known ones, present or missing, then what its tools wrote. */
  "agents.files.list": { params: ListFiles; result: FileList };
  /** Write a file, at most 1 MiB of text, and at most 500 files of an agent.
   *  
   *  Only the agent's maker and admins may. */
  "agents.files.set": { params: SetFile; result: FileSet };
  /** One agent, with its description.
   *  
   *  Fails with `NOT_FOUND` for an agent that is not in this workspace or is another person's private one. */
  "agents.get": { params: GetAgent; result: AgentRow };
  /** The agents of the workspace that the caller may see, by name.
   *  
   *  `defaultId` is the agent that `main` names. An agent's `model.primary` is absent where no model is set up. */
  "agents.list": { params: ListAgents; result: AgentList };
  /** Change an agent: what is absent stays, `null` clears a model.
   *  
   *  Only its maker and admins may. One that becomes private takes its sessions along: each stays with who made it.
   *  Fails with `CONFLICT` if the name is taken, and for a default agent that would become private. */
  "agents.update": { params: UpdateAgent; result: AgentUpdated };
  /** Make an API key for this workspace.
   *  
   *  `secret` is the key itself and shown this once. `scopes` are `read`, `write` (which reads too) and `admin` (which
   *  may all); asking for more than one's role allows fails with `FORBIDDEN`, and so does asking with a key: sign in
   *  for it. It works for `expiresInDays` days, 1 to 365, or until it is revoked. */
  "apiKeys.create": { params: CreateParams2; result: Created2 };
  /** One's own API keys in this workspace, the newest first; admins see everybody's. */
  "apiKeys.list": { params: Nothing; result: Keys };
  /** Revoke an API key, one's own or, for admins, anybody's. What it has open ends within a second. */
  "apiKeys.revoke": { params: RevokeParams2; result: Done };
  /** The audit trail of the workspace, newest first.
   *  
   *  Every change is here, written in the same transaction as the change itself. `cursor` is the `nextCursor` of the
   *  page before. */
  "audit.list": { params: ListAudit; result: AuditPage };
  /** Stop the run of this id, or everything that is on or in line in the session. What was said so far is kept.
   *  
   *  Whoever may chat in the session may stop it. */
  "chat.abort": { params: AbortRun; result: Aborted };
  /** What was said in a session, oldest first: the last `limit` messages, or those before `before`.
   *  
   *  With `cursor`, the `deltaCursor` of an earlier answer, only what came since: this is how a client that was away
   *  resumes, on whatever replica. `inFlightRun` is the run that is on, with its text so far. A session that is not
   *  there yet is answered as empty. */
  "chat.history": { params: GetHistory; result: History };
  /** Put words of the agent's into a session, without asking a model. */
  "chat.inject": { params: InjectMessage; result: Injected };
  /** Say something to the agent of a session. A session that is not there is made, if its agent is.
   *  
   *  Answers once message and run are stored, with `status` `started`, or `queued` behind a run that is on. The words
   *  come as `chat` events whose `runId` is the idempotency key. A key that was used in this session answers
   *  `in_flight` or `ok` and does nothing. `/stop` and `stop` stop what is on instead.
   *  Fails with `CONFLICT` where no model is set up, saying what to do. */
  "chat.send": { params: SendMessage; result: Sent };
  /** The first page of a session, for clients of OpenClaw's protocol: as `chat.history`. */
  "chat.startup": { params: GetHistory; result: History };
  /** Let oneself into a workspace, as its admin, for a reason and a time.
   *  
   *  `reason` has 10 to 500 characters and `minutes` is 5 to 240. The workspace's own audit trail holds the grant.
   *  Fails with `NOT_FOUND` for a workspace that is not there. */
  "grants.create": { params: CreateParams3; result: Created3 };
  /** The 200 latest grants of all super admins, the newest first. */
  "grants.list": { params: Nothing; result: Grants };
  /** End a grant before its time. What is open by it ends within a second, and so do the invitations made by it. */
  "grants.revoke": { params: RevokeParams3; result: Done };
  /** Is the server up, and what does the workspace hold? Cheap enough to be asked often. */
  "health": { params: AskHealth; result: Health };
  /** Become a member of the workspace that a token invites to.
   *  
   *  Fails with `NOT_FOUND` as `invites.preview`, `FORBIDDEN` if the invitation names another address, `CONFLICT` for
   *  somebody who is a member already; the token then still works. */
  "invites.accept": { params: TokenParams; result: Joined };
  /** Invite somebody into the workspace.
   *  
   *  The answer holds `token` and `path`, the link below this server's address; they are shown this once. With
   *  `email` the invitation is for the account with that address alone. It works once, for `expiresInDays` days, 1 to
   *  30, 7 without it; one that a super admin makes by a grant ends with the grant at the latest. No mail is sent: give
   *  the link to the person yourself. */
  "invites.create": { params: CreateParams; result: Created };
  /** The workspace's 200 latest invitations, the newest first, without their tokens. */
  "invites.list": { params: Nothing; result: Invites };
  /** What a token invites to. Fails with `NOT_FOUND` for one that is wrong, used, expired or revoked. */
  "invites.preview": { params: TokenParams; result: Preview };
  /** Revoke an invitation that nobody has accepted. Fails with `CONFLICT` if somebody has. */
  "invites.revoke": { params: RevokeParams; result: Done };
  /** Leave the workspace, with one's keys and open invitations. What one made stays.
   *  
   *  Fails with `CONFLICT` for the last admin, `FORBIDDEN` for a key: a person leaves by themselves. */
  "members.leave": { params: Nothing; result: Done };
  /** Who belongs to the workspace, by name. Viewers are not told e-mail addresses. */
  "members.list": { params: Nothing; result: Members };
  /** Take a member out of the workspace, with their keys and open invitations. What they made stays.
   *  
   *  Fails with `NOT_FOUND` for somebody who is no member, `CONFLICT` for the last admin. */
  "members.remove": { params: MemberParams; result: Done };
  /** Make a member a `viewer`, `member` or `admin`. What they have open follows within a second.
   *  
   *  Fails with `NOT_FOUND` for somebody who is no member, `CONFLICT` if it would leave the workspace without an admin. */
  "members.setRole": { params: RoleParams; result: Done };
  /** The models that agents of this workspace may use. An agent's `model` is `provider/id`. */
  "models.list": { params: ListModels; result: ModelList };
  /** Ask a provider for its models with the key that is stored, to see whether both still work. */
  "models.providers.check": { params: CheckProvider; result: ProviderChecked };
  /** Remove a provider of this workspace. Agents that use its models say so when they are next asked. */
  "models.providers.delete": { params: NameProvider; result: Done };
  /** The providers of this workspace, and those of the operator that it may use. Keys are never shown. */
  "models.providers.list": { params: Nothing; result: ProviderList };
  /** Set up a provider, or change one.
   *  
   *  Without `models` the provider is asked for them first: an address or a key that does not work is refused, with
   *  the provider's words. With `models` nothing is asked, for providers that list none. A changed `baseUrl` needs the key anew. The key is stored encrypted. */
  "models.providers.set": { params: SetProvider; result: ProviderSet };
  /** All accounts of this server, the newest first. `search` finds names and addresses that contain it. */
  "people.list": { params: ListParams2; result: Page2 };
  /** Make a link with which a person sets a new password.
   *  
   *  It works once and for an hour, and replaces the one before. No mail is sent: give the link to the person
   *  yourself. Until they use it their old password and sign-ins go on working. */
  "people.resetPassword": { params: ResetParams2; result: ResetLink };
  /** All workspaces of this server, the newest first, with how many members and agents each has.
   *  
   *  `search` finds names that contain it. What is inside a workspace needs a grant: see `grants.create`. */
  "platform.workspaces.list": { params: ListParams; result: Page };
  /** Create a session, of the default agent without `agentId`.
   *  
   *  Fails with `CONFLICT` if the key is taken. To say something in it, call `chat.send`. */
  "sessions.create": { params: CreateSession; result: SessionCreated };
  /** Delete a session with its messages. There is no undo.
   *  
   *  Only its maker and admins may. Fails with `CONFLICT` while a run is on. */
  "sessions.delete": { params: NameSession; result: Deleted };
  /** One session, as a list shows it. Fails with `NOT_FOUND` for a key that no session has yet. */
  "sessions.describe": { params: NameSession; result: Described };
  /** The sessions of the workspace that the caller may see: pinned ones first, then the latest.
   *  
   *  `search` looks in label, title and last words. `nextOffset` is the `offset` of the next page, absent on the last. */
  "sessions.list": { params: ListSessions; result: SessionList };
  /** From now on, tell this connection of messages that join sessions. */
  "sessions.messages.subscribe": { params: NameSession; result: Subscribed };
  /** The opposite. Events of other sessions that the connection asked for go on. */
  "sessions.messages.unsubscribe": { params: NameSession; result: Subscribed };
  /** Change a session: what is absent stays, `null` clears.
   *  
   *  Only its maker and admins may. */
  "sessions.patch": { params: PatchSession; result: Patched };
  /** The last words of up to 64 sessions. A foreign key is answered like a missing one. */
  "sessions.preview": { params: PreviewSessions; result: Previews };
  /** Start a session anew under the same key: its history and its counts begin at nothing.
   *  
   *  Only its maker and admins may. Fails with `CONFLICT` while a run is on. */
  "sessions.reset": { params: NameSession; result: Reset };
  /** The canonical key of a session, by key, id or label. */
  "sessions.resolve": { params: ResolveSession; result: Resolved };
  /** From now on, tell this connection of changes of sessions, and of messages that join them. */
  "sessions.subscribe": { params: Subscribe; result: Subscribed };
  /** The workspace at a glance: its agents, and the sessions used last. */
  "status": { params: AskStatus; result: Status };
  /** Who of the workspace is connected now, the server itself first. Command lines and back ends are not listed. */
  "system-presence": { params: Nothing; result: Array<PresenceEntry> };
  /** What the workspace used in the last days: runs of agents, tokens, and what they cost. */
  "usage.summary": { params: Summarize; result: UsageSummary };
  /** Make a workspace, with the caller as its admin. The name has 1 to 100 characters. */
  "workspaces.create": { params: Named; result: WorkspaceView };
  /** Delete the workspace with all that is in it. There is no way back.
   *  
   *  `confirmName` repeats the workspace's name exactly, else `INVALID_REQUEST`. Everybody is shut out at once; the
   *  rows go within minutes. */
  "workspaces.delete": { params: Confirmed; result: Done };
  /** The workspace, the caller's role in it, and how much there is in it for them to see. */
  "workspaces.get": { params: Nothing; result: Overview };
  /** The workspaces in which the caller may work.
   *  
   *  A super admin also sees those for which they hold a grant, with the role `admin` and `grantExpiresAt`. */
  "workspaces.list": { params: Nothing; result: Workspaces };
  /** Give the workspace another name, 1 to 100 characters. */
  "workspaces.rename": { params: Named; result: WorkspaceView };
}

export interface Events {
  /** What a run does: `lifecycle`, `assistant`, `tool` (for connections with the capability `tool-events`) and `usage`. */
  "agent": AgentEvent;
  /** An agent was made, changed or deleted: read the list again. */
  "agents.changed": AgentsChanged;
  /** What an agent says. With the capability `pmos-delta` each piece comes alone as `deltaText`; without it `message` holds all text so far, at most every 50 ms. Exactly one `final`, `aborted` or `error` ends a run. */
  "chat": ChatEvent;
  /** The first frame of a connection. The client answers with the request `connect`. */
  "connect.challenge": Challenge;
  /** How the workspace is doing, each minute: what the method `health` answers. */
  "health": Health;
  /** Somebody joined or left, or is something else now: read the list again. */
  "members.changed": MembersChanged;
  /** Somebody of the workspace connected or left. The payload lists all who are there now. */
  "presence": Present;
  /** A message joined a session's history. Sent to connections that called sessions.subscribe or sessions.messages.subscribe. */
  "session.message": SessionMessage;
  /** A session was made, changed, used or deleted. Sent to connections that called sessions.subscribe. */
  "sessions.changed": SessionsChanged;
  /** The server goes; close 1012 follows. Connect again. */
  "shutdown": Shutdown;
  /** The line is alive. Sent as often as the hello's `policy.tickIntervalMs` says. */
  "tick": Tick;
}

/** The least role that may call each method; the server decides, the screens only hide what it would refuse. */
export const METHOD_LEVELS = {
  "accounts.login": "anyone",
  "accounts.logout": "signedIn",
  "accounts.me": "signedIn",
  "accounts.password.change": "signedIn",
  "accounts.password.reset": "anyone",
  "accounts.sessions.kill": "signedIn",
  "accounts.sessions.list": "signedIn",
  "accounts.signup": "anyone",
  "accounts.state": "anyone",
  "accounts.update": "signedIn",
  "agent": "member",
  "agent.identity.get": "viewer",
  "agent.result": "viewer",
  "agent.wait": "viewer",
  "agents.create": "member",
  "agents.delete": "member",
  "agents.files.delete": "member",
  "agents.files.get": "viewer",
  "agents.files.list": "viewer",
  "agents.files.set": "member",
  "agents.get": "viewer",
  "agents.list": "viewer",
  "agents.update": "member",
  "apiKeys.create": "member",
  "apiKeys.list": "member",
  "apiKeys.revoke": "member",
  "audit.list": "admin",
  "chat.abort": "member",
  "chat.history": "viewer",
  "chat.inject": "admin",
  "chat.send": "member",
  "chat.startup": "viewer",
  "grants.create": "platform",
  "grants.list": "platform",
  "grants.revoke": "platform",
  "health": "viewer",
  "invites.accept": "signedIn",
  "invites.create": "admin",
  "invites.list": "admin",
  "invites.preview": "anyone",
  "invites.revoke": "admin",
  "members.leave": "viewer",
  "members.list": "viewer",
  "members.remove": "admin",
  "members.setRole": "admin",
  "models.list": "viewer",
  "models.providers.check": "admin",
  "models.providers.delete": "admin",
  "models.providers.list": "admin",
  "models.providers.set": "admin",
  "people.list": "platform",
  "people.resetPassword": "platform",
  "platform.workspaces.list": "platform",
  "sessions.create": "member",
  "sessions.delete": "member",
  "sessions.describe": "viewer",
  "sessions.list": "viewer",
  "sessions.messages.subscribe": "viewer",
  "sessions.messages.unsubscribe": "viewer",
  "sessions.patch": "member",
  "sessions.preview": "viewer",
  "sessions.reset": "member",
  "sessions.resolve": "viewer",
  "sessions.subscribe": "viewer",
  "status": "viewer",
  "system-presence": "viewer",
  "usage.summary": "viewer",
  "workspaces.create": "signedIn",
  "workspaces.delete": "admin",
  "workspaces.get": "viewer",
  "workspaces.list": "signedIn",
  "workspaces.rename": "admin",
} as const satisfies Record<keyof Methods, string>;
