import { useNavigate } from "@tanstack/react-router";
import { ChevronsUpDown, LayoutGrid } from "lucide-react";
import { Avatar } from "../components/Avatar";
import { Menu, MenuChoice, MenuItem, MenuLine } from "../components/Menu";
import { useMe, useWorkspace } from "../rpc/hooks";
import { text } from "../text/en";

export function WorkspaceSwitcher() {
  const { workspace } = useWorkspace();
  const { workspaces } = useMe();
  const navigate = useNavigate();
  return (
    <Menu
      align="start"
      className="w-60"
      trigger={
        <button type="button" aria-label={`${text.shell.switcher}: ${workspace.name}`} className="flex h-10 w-full min-w-0 items-center gap-2.5 rounded-lg px-2 text-left hover:bg-hover">
          <Avatar name={workspace.name} square size="small" />
          <span className="min-w-0 flex-1 truncate font-semibold tracking-tight">{workspace.name}</span>
          <ChevronsUpDown aria-hidden className="size-3.5 shrink-0 text-ink-3" />
        </button>
      }
    >
      <MenuChoice
        label={text.shell.switcher}
        value={workspace.id}
        onChange={(workspaceId) => void navigate({ to: "/w/$workspaceId", params: { workspaceId } })}
        choices={workspaces.map((one) => ({
          value: one.id,
          label: (
            <span className="flex items-center gap-2.5">
              <Avatar name={one.name} square size="small" />
              <span className="truncate">{one.name}</span>
            </span>
          ),
        }))}
      />
      <MenuLine />
      <MenuItem icon={LayoutGrid} onSelect={() => navigate({ to: "/workspaces" })}>
        {text.shell.allWorkspaces}
      </MenuItem>
    </Menu>
  );
}
