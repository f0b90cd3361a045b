import { useNavigate } from "@tanstack/react-router";
import { LogOut, Monitor, Moon, ShieldCheck, Sun, UserRound, type LucideIcon } from "lucide-react";
import { Avatar } from "../components/Avatar";
import { Menu, MenuChoice, MenuItem, MenuLine } from "../components/Menu";
import { useAct, useMe } from "../rpc/hooks";
import { forgetPerson } from "../rpc/query-client";
import { text } from "../text/en";
import { chooseTheme, useTheme, type Theme } from "./theme";

const THEMES: ReadonlyArray<[Theme, LucideIcon]> = [
  ["system", Monitor],
  ["light", Sun],
  ["dark", Moon],
];

export function AccountMenu() {
  const { person } = useMe();
  const navigate = useNavigate();
  const theme = useTheme();
  const logout = useAct("accounts.logout", {
    onDone: async () => {
      await navigate({ to: "/login" });
      forgetPerson();
    },
  });
  return (
    <Menu
      className="w-60"
      trigger={
        <button type="button" aria-label={text.shell.account} className="rounded-full">
          <Avatar name={person.name} />
        </button>
      }
    >
      <div className="px-2.5 pt-1.5 pb-2">
        <p className="truncate font-medium">{person.name}</p>
        <p className="truncate text-sm text-ink-3">{person.email}</p>
      </div>
      <MenuLine />
      <MenuItem icon={UserRound} onSelect={() => navigate({ to: "/me" })}>
        {text.shell.profile}
      </MenuItem>
      {person.isSuperAdmin && (
        <MenuItem icon={ShieldCheck} onSelect={() => navigate({ to: "/admin" })}>
          {text.shell.admin}
        </MenuItem>
      )}
      <MenuLine />
      <MenuChoice
        label={text.shell.theme}
        value={theme}
        onChange={(value) => chooseTheme(value as Theme)}
        choices={THEMES.map(([value, Icon]) => ({
          value,
          label: (
            <span className="flex items-center gap-2.5">
              <Icon aria-hidden className="size-4 text-ink-3" />
              {text.shell.themes[value]}
            </span>
          ),
        }))}
      />
      <MenuLine />
      <MenuItem icon={LogOut} onSelect={() => logout.mutate({})}>
        {text.shell.signOut}
      </MenuItem>
    </Menu>
  );
}
