import { Link } from "@tanstack/react-router";
import { PanelLeft, SquarePen } from "lucide-react";
import { useState, type ReactNode } from "react";
import { buttonClass, IconButton } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { useWorkspace } from "../../rpc/hooks";
import { text } from "../../text/en";
import { ConversationList } from "./ConversationList";

/** The conversations beside the one that is open. Where there is no room, they are one press away. */
export function ChatLayout({ header, children }: { header: ReactNode; children: ReactNode }) {
  const { workspace } = useWorkspace();
  const [listOpen, setListOpen] = useState(false);
  return (
    <div className="flex h-full">
      <aside aria-label={text.chat.list} className="hidden w-72 shrink-0 flex-col border-r border-line bg-canvas lg:flex">
        <ConversationList />
      </aside>
      <div className="flex min-w-0 flex-1 flex-col bg-surface">
        <div className="flex h-14 shrink-0 items-center gap-2 border-b border-line px-3 sm:px-5">
          <IconButton icon={PanelLeft} label={text.chat.show} className="lg:hidden" onClick={() => setListOpen(true)} />
          <div className="flex min-w-0 flex-1 items-center gap-2">{header}</div>
          <Link to="/w/$workspaceId/chat" params={{ workspaceId: workspace.id }} className={`${buttonClass("ghost", true)} lg:hidden`} aria-label={text.chat.newChat}>
            <SquarePen aria-hidden className="size-4" />
          </Link>
        </div>
        {children}
      </div>
      <Dialog open={listOpen} onClose={() => setListOpen(false)} title={text.chat.list}>
        <div className="-mx-2 h-[60dvh]">
          <ConversationList onOpen={() => setListOpen(false)} />
        </div>
      </Dialog>
    </div>
  );
}
