import { Link, Outlet } from "@tanstack/react-router";
import { AccountMenu } from "./AccountMenu";
import { Logo } from "./Logo";
import { Main, SkipLink } from "./Main";

/** Around the screens that are not about one workspace. */
export function PersonShell() {
  return (
    <>
      <SkipLink />
      <header className="sticky top-0 z-10 flex h-14 items-center justify-between border-b border-line bg-surface px-4 sm:px-8">
        <Link to="/workspaces" className="rounded-md">
          <Logo />
        </Link>
        <AccountMenu />
      </header>
      <Main>
        <Outlet />
      </Main>
    </>
  );
}
