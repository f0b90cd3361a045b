import { Link } from "@tanstack/react-router";
import { clsx } from "clsx";
import { useMay, useSocketState, useWorkspace } from "../rpc/hooks";
import { text } from "../text/en";
import { MANAGE, WORK, type NavItem } from "./navigation";
import { WorkspaceSwitcher } from "./WorkspaceSwitcher";

export function Sidebar() {
  return (
    <nav aria-label={text.shell.navigation} className="hidden w-54 shrink-0 flex-col border-r border-line bg-canvas md:flex">
      <div className="flex h-14 items-center px-2.5">
        <WorkspaceSwitcher />
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto px-2.5 pt-2">
        <Group items={WORK} />
        <p className="mt-6 mb-1.5 px-2.5 text-xs font-medium text-ink-3">{text.shell.groups.manage}</p>
        <Group items={MANAGE} />
      </div>
      <ConnectionState />
    </nav>
  );
}

function Group({ items }: { items: ReadonlyArray<NavItem> }) {
  const { workspace } = useWorkspace();
  const may = useMay();
  return (
    <ul className="space-y-0.5">
      {items
        .filter((item) => may(item.needs))
        .map(({ to, label, icon: Icon }) => (
          <li key={to}>
            <Link
              to={to}
              params={{ workspaceId: workspace.id }}
              activeOptions={{ exact: to === "/w/$workspaceId", includeSearch: false }}
              className="group flex h-8.5 items-center gap-2.5 rounded-lg px-2.5 text-base font-medium text-ink-2 transition-colors hover:bg-hover hover:text-ink"
              activeProps={{ className: "bg-surface! text-ink! shadow-card ring-1 ring-line" }}
            >
              <Icon aria-hidden className="size-4 text-ink-3 group-aria-[current=page]:text-accent" />
              {label}
            </Link>
          </li>
        ))}
    </ul>
  );
}

function ConnectionState() {
  const { kind } = useSocketState();
  const words = kind === "open" ? text.shell.connected : kind === "connecting" ? text.shell.connecting : text.shell.offline;
  return (
    <p className="flex h-11 items-center gap-2 px-5 text-xs text-ink-3">
      <span aria-hidden className={clsx("size-2 rounded-full", kind === "open" ? "bg-good-ink" : kind === "connecting" ? "bg-line-strong" : "bg-danger")} />
      {words}
    </p>
  );
}
