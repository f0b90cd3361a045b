// An admin sees who works here, changes roles, removes people and hands out invitations.
import { UserMinus, UserPlus, UsersRound } from "lucide-react";
import { useState } from "react";
import { Avatar } from "../../components/Avatar";
import { Badge } from "../../components/Badge";
import { Button, IconButton } from "../../components/Button";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { DataTable, type Column } from "../../components/DataTable";
import { EmptyState } from "../../components/EmptyState";
import { ErrorState } from "../../components/ErrorState";
import { Page } from "../../components/Page";
import { toast } from "../../components/toast";
import { useAct, useMay, useMe, useServer } from "../../rpc/hooks";
import type { Member, Role } from "../../rpc/types";
import { explain } from "../../text/explain";
import { text } from "../../text/en";
import { date } from "../../text/format";
import { InviteDialog } from "./InviteDialog";
import { Invites } from "./Invites";

export function MembersScreen() {
  const may = useMay();
  const members = useServer("members.list", {});
  const [inviting, setInviting] = useState(false);
  const [removing, setRemoving] = useState<Member>();
  const invite = may("invites.create") && (
    <Button look="primary" icon={UserPlus} onClick={() => setInviting(true)}>
      {text.members.invite}
    </Button>
  );
  return (
    <Page title={text.members.title} lead={text.members.lead} actions={invite}>
      {members.isError ? (
        <ErrorState error={members.error} onRetry={members.refetch} />
      ) : (
        <DataTable
          caption={text.members.caption}
          rows={members.data?.members}
          rowKey={(member) => member.personId}
          columns={columns(may("members.setRole"), may("members.remove"), setRemoving)}
          empty={<EmptyState icon={UsersRound} title={text.members.title} body={text.members.lead} />}
        />
      )}
      {may("invites.list") && <Invites />}
      {inviting && <InviteDialog onClose={() => setInviting(false)} />}
      {removing && <RemoveDialog member={removing} onClose={() => setRemoving(undefined)} />}
    </Page>
  );
}

function columns(maySetRole: boolean, mayRemove: boolean, onRemove: (member: Member) => void): Array<Column<Member>> {
  return [
    { title: text.members.person, cell: (member) => <Person member={member} /> },
    { title: text.roles.label, cell: (member) => (maySetRole ? <RoleSelect member={member} /> : <Badge>{text.roles.names[member.role]}</Badge>) },
    { title: text.members.joined, from: "md", cell: (member) => <span className="text-ink-2">{date(member.joinedAt)}</span> },
    ...(mayRemove
      ? [
          {
            title: text.common.actions,
            hideTitle: true,
            align: "end" as const,
            cell: (member: Member) => <IconButton icon={UserMinus} label={`${text.members.remove}: ${member.name}`} onClick={() => onRemove(member)} />,
          },
        ]
      : []),
  ];
}

function Person({ member }: { member: Member }) {
  const { person } = useMe();
  return (
    <span className="flex min-w-0 items-center gap-3">
      <Avatar name={member.name} />
      <span className="min-w-0">
        <span className="flex items-center gap-1.5 font-medium">
          {member.name}
          {member.personId === person.id && <Badge>{text.common.you}</Badge>}
        </span>
        <span className="block text-sm text-ink-3">{member.email}</span>
      </span>
    </span>
  );
}

const ROLES: ReadonlyArray<Role> = ["viewer", "member", "admin"];

function RoleSelect({ member }: { member: Member }) {
  const setRole = useAct("members.setRole", {
    changes: ["members.list", "accounts.me"],
    onDone: (_, { role }) => toast(text.members.roleChanged(member.name, role)),
  });
  return (
    <select
      aria-label={text.members.roleOf(member.name)}
      value={setRole.isPending ? setRole.variables.role : member.role}
      onChange={(event) =>
        setRole.mutate(
          { personId: member.personId, role: event.target.value as Role },
          { onError: (error) => toast(explain(error).body, true) },
        )
      }
      className="h-8 rounded-lg border border-line-strong bg-surface pr-7 pl-2.5 text-base"
    >
      {ROLES.map((role) => (
        <option key={role} value={role}>
          {text.roles.names[role]}
        </option>
      ))}
    </select>
  );
}

function RemoveDialog({ member, onClose }: { member: Member; onClose: () => void }) {
  const remove = useAct("members.remove", {
    changes: ["members.list"],
    onDone: () => {
      toast(text.members.removed(member.name));
      onClose();
    },
  });
  return (
    <ConfirmDialog
      title={text.members.removeTitle(member.name)}
      consequence={text.members.removeBody(member.name)}
      action={text.members.remove}
      pending={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate({ personId: member.personId })}
      onClose={onClose}
    />
  );
}
