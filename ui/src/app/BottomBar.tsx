import { Link, useNavigate } from "@tanstack/react-router";
import { Ellipsis } from "lucide-react";
import { Menu, MenuItem } from "../components/Menu";
import { useMay, useWorkspace } from "../rpc/hooks";
import { text } from "../text/en";
import { MANAGE, WORK } from "./navigation";

const PLACE = "flex h-14 min-w-0 flex-1 flex-col items-center justify-center gap-0.5 text-[0.6875rem] font-medium text-ink-2 -outline-offset-2";

/** The navigation where there is no room for the sidebar. */
export function BottomBar() {
  const { workspace } = useWorkspace();
  const may = useMay();
  const navigate = useNavigate();
  return (
    <nav aria-label={text.shell.bottom} className="flex shrink-0 border-t border-line bg-surface pb-[env(safe-area-inset-bottom)] md:hidden">
      {WORK.filter((item) => may(item.needs)).map(({ to, label, icon: Icon }) => (
        <Link
          key={to}
          to={to}
          params={{ workspaceId: workspace.id }}
          activeOptions={{ exact: to === "/w/$workspaceId", includeSearch: false }}
          className={PLACE}
          activeProps={{ className: "text-accent-ink!" }}
        >
          <Icon aria-hidden className="size-5" />
          {label}
        </Link>
      ))}
      <Menu
        trigger={
          <button type="button" className={PLACE}>
            <Ellipsis aria-hidden className="size-5" />
            {text.shell.more}
          </button>
        }
      >
        {MANAGE.filter((item) => may(item.needs)).map(({ to, label, icon }) => (
          <MenuItem key={to} icon={icon} onSelect={() => navigate({ to, params: { workspaceId: workspace.id } })}>
            {label}
          </MenuItem>
        ))}
      </Menu>
    </nav>
  );
}
