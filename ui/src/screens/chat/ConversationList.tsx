import { Link } from "@tanstack/react-router";
import { useVirtualizer } from "@tanstack/react-virtual";
import { Pin, SquarePen } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Avatar } from "../../components/Avatar";
import { buttonClass } from "../../components/Button";
import { SearchField } from "../../components/SearchField";
import { Ago } from "../../components/Time";
import { useServer, useSessionPages, useWorkspace } from "../../rpc/hooks";
import type { SessionRow } from "../../rpc/types";
import { explain } from "../../text/explain";
import { text } from "../../text/en";
import { previewOf, titleOf } from "../sessions/title";

const ROW_HEIGHT = 60;

export function ConversationList({ onOpen }: { onOpen?: () => void }) {
  const { workspace } = useWorkspace();
  const [search, setSearch] = useState("");
  const pages = useSessionPages(search ? { search } : {});
  const rows = pages.data?.pages.flatMap((page) => page.sessions) ?? [];
  return (
    <div className="flex h-full min-h-0 flex-col">
      <div className="space-y-2 p-3 pb-2">
        <Link to="/w/$workspaceId/chat" params={{ workspaceId: workspace.id }} onClick={onOpen} className={`${buttonClass("secondary")} w-full`}>
          <SquarePen aria-hidden className="size-4" />
          {text.chat.newChat}
        </Link>
        <SearchField label={text.chat.search} value={search} onSearch={setSearch} />
      </div>
      {pages.isError ? (
        <p role="alert" className="px-4 py-6 text-sm text-danger-ink">
          {explain(pages.error).title}
        </p>
      ) : pages.isSuccess && rows.length === 0 ? (
        <p className="px-4 py-6 text-center text-sm text-ink-3">{search ? text.sessions.nothingBody : text.chat.noneYet}</p>
      ) : (
        <Rows rows={rows} hasMore={pages.hasNextPage} onEnd={() => void pages.fetchNextPage()} onOpen={onOpen} />
      )}
    </div>
  );
}

interface RowsProps {
  rows: ReadonlyArray<SessionRow>;
  hasMore: boolean;
  onEnd: () => void;
  onOpen: (() => void) | undefined;
}

function Rows({ rows, hasMore, onEnd, onOpen }: RowsProps) {
  const box = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => rows[index]?.key ?? index,
    overscan: 8,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && last >= rows.length - 5) onEnd();
  }, [hasMore, last, onEnd, rows.length]);
  return (
    <div ref={box} className="min-h-0 flex-1 overflow-y-auto px-2 pb-3">
      <ul className="relative" style={{ height: virtual.getTotalSize() }}>
        {items.map((item) => {
          const session = rows[item.index];
          return (
            session && (
              <li key={item.key} className="absolute inset-x-0 top-0" style={{ height: item.size, transform: `translateY(${item.start}px)` }}>
                <Row session={session} onOpen={onOpen} />
              </li>
            )
          );
        })}
      </ul>
    </div>
  );
}

function Row({ session, onOpen }: { session: SessionRow; onOpen: (() => void) | undefined }) {
  const { workspace } = useWorkspace();
  const agents = useServer("agents.list", {});
  const agent = agents.data?.agents.find((one) => one.id === session.agentId);
  return (
    <Link
      to="/w/$workspaceId/chat/$sessionKey"
      params={{ workspaceId: workspace.id, sessionKey: session.key }}
      onClick={onOpen}
      className="flex h-14 items-center gap-3 rounded-lg px-2.5 -outline-offset-2 hover:bg-hover"
      activeProps={{ className: "bg-accent-soft!" }}
    >
      <Avatar name={agent?.name ?? session.agentId} emoji={agent?.identity.emoji} square />
      <span className="min-w-0 flex-1">
        <span className="flex items-center gap-1.5">
          {session.pinned && <Pin aria-label={text.sessions.pinned} className="size-3 shrink-0 text-ink-3" />}
          <span className="truncate text-sm font-medium">{titleOf(session)}</span>
        </span>
        <span className="flex items-center gap-2 text-xs text-ink-2">
          <span className="truncate">{previewOf(session) ?? agent?.name}</span>
          <span className="ml-auto shrink-0">
            {session.hasActiveRun ? <span className="font-medium text-accent-ink">{text.sessions.running}</span> : <Ago at={session.updatedAt} />}
          </span>
        </span>
      </span>
    </Link>
  );
}
