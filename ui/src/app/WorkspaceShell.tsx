import { Outlet, useParams } from "@tanstack/react-router";
import { useEffect, useMemo, useState } from "react";
import { Connection } from "../rpc/connection";
import { useMe, WorkspaceContext } from "../rpc/hooks";
import { meQuery, queryClient } from "../rpc/query-client";
import type { Workspace } from "../rpc/types";
import { AccountMenu } from "./AccountMenu";
import { Banners } from "./Banners";
import { BottomBar } from "./BottomBar";
import { Main, SkipLink } from "./Main";
import { Missing } from "./Missing";
import { Palette } from "./Palette";
import { Sidebar } from "./Sidebar";
import { WorkspaceSwitcher } from "./WorkspaceSwitcher";

/** Around the screens of one workspace: its connection, its navigation, its state. */
export function WorkspaceShell() {
  const { workspaceId } = useParams({ from: "/signed-in/w/$workspaceId" });
  const workspace = useMe().workspaces.find((one) => one.id === workspaceId);
  if (!workspace) return <Missing />;
  return <Connected key={workspace.id} workspace={workspace} />;
}

/** Asks the server afresh; the answer also takes a person who was signed out or removed to where they belong. */
async function isStillMember(workspaceId: string): Promise<boolean> {
  const grant = await queryClient.fetchQuery({ ...meQuery, staleTime: 0 }).catch(() => undefined);
  return grant?.workspaces.some((one) => one.id === workspaceId) ?? false;
}

function Connected({ workspace }: { workspace: Workspace }) {
  const [connection] = useState(() => new Connection(workspace.id, () => isStillMember(workspace.id)));
  useEffect(() => connection.run(), [connection]);
  const here = useMemo(() => ({ connection, workspace }), [connection, workspace]);
  return (
    <WorkspaceContext value={here}>
      <SkipLink />
      <div className="flex h-dvh">
        <Sidebar />
        <div className="flex min-w-0 flex-1 flex-col">
          <header className="flex h-14 shrink-0 items-center justify-between gap-3 border-b border-line bg-surface px-4 sm:px-8">
            <div className="min-w-0 md:hidden">
              <WorkspaceSwitcher />
            </div>
            <div className="flex flex-1 justify-end md:justify-between">
              <Palette />
              <span className="ml-2 flex items-center">
                <AccountMenu />
              </span>
            </div>
          </header>
          <Banners />
          <Main className="relative min-h-0 flex-1 overflow-y-auto">
            <Outlet />
          </Main>
          <BottomBar />
        </div>
      </div>
    </WorkspaceContext>
  );
}
