// A super admin looks after the server: its workspaces, its people, and the recorded ways into a workspace.
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Missing } from "../../app/Missing";
import type { AdminTab } from "../../app/routes";
import { Page } from "../../components/Page";
import { tabLink, tabLinkActive, TabLinks } from "../../components/TabLinks";
import { useMe } from "../../rpc/hooks";
import { text } from "../../text/en";
import { Grants } from "./Grants";
import { People } from "./People";
import { Workspaces } from "./Workspaces";

const TABS: ReadonlyArray<AdminTab> = ["workspaces", "people", "grants"];

export function AdminScreen() {
  const { person } = useMe();
  const { tab = "workspaces", q = "" } = useSearch({ from: "/signed-in/personal/admin" });
  const navigate = useNavigate({ from: "/admin" });
  if (!person.isSuperAdmin) return <Missing />;
  const search = (value: string) => void navigate({ search: { tab, ...(value && { q: value }) }, replace: true });
  return (
    <Page title={text.admin.title} lead={text.admin.lead}>
      <TabLinks label={text.admin.tabsLabel}>
        {TABS.map((one) => (
          <Link
            key={one}
            to="/admin"
            search={{ tab: one }}
            className={tabLink}
            activeProps={tab === one ? tabLinkActive : {}}
            aria-current={tab === one ? "page" : undefined}
          >
            {text.admin.tabs[one]}
          </Link>
        ))}
      </TabLinks>
      {tab === "workspaces" && <Workspaces search={q} onSearch={search} />}
      {tab === "people" && <People search={q} onSearch={search} />}
      {tab === "grants" && <Grants />}
    </Page>
  );
}
