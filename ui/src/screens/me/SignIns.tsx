import { MonitorSmartphone } from "lucide-react";
import { Badge } from "../../components/Badge";
import { Button } from "../../components/Button";
import { DataTable } from "../../components/DataTable";
import { EmptyState } from "../../components/EmptyState";
import { ErrorState } from "../../components/ErrorState";
import { Section } from "../../components/Page";
import { Ago } from "../../components/Time";
import { toast } from "../../components/toast";
import { useAct, useServer } from "../../rpc/hooks";
import type { Login } from "../../rpc/types";
import { explain } from "../../text/explain";
import { text } from "../../text/en";
import { date } from "../../text/format";

export function SignIns() {
  const logins = useServer("accounts.sessions.list", {});
  return (
    <Section title={text.me.sessions} lead={text.me.sessionsLead}>
      {logins.isError ? (
        <ErrorState error={logins.error} onRetry={logins.refetch} />
      ) : (
        <DataTable
          caption={text.me.caption}
          rows={logins.data?.sessions}
          rowKey={(login) => login.id}
          empty={<EmptyState icon={MonitorSmartphone} title={text.me.sessions} body={text.me.sessionsLead} />}
          columns={[
            {
              title: text.me.device,
              cell: (login) => (
                <>
                  <span className="flex items-center gap-1.5 font-medium">
                    {deviceOf(login.userAgent)}
                    {login.current && <Badge tone="accent">{text.me.thisOne}</Badge>}
                  </span>
                  <span className="block text-sm text-ink-3">{login.ip}</span>
                </>
              ),
            },
            {
              title: text.me.lastSeen,
              from: "sm",
              cell: (login) => (
                <span className="text-ink-2">
                  <Ago at={login.lastSeenAt} />
                </span>
              ),
            },
            { title: text.me.since, from: "md", cell: (login) => <span className="text-ink-2">{date(login.createdAt)}</span> },
            { title: text.common.actions, hideTitle: true, align: "end", cell: (login) => !login.current && <Kill login={login} /> },
          ]}
        />
      )}
    </Section>
  );
}

function Kill({ login }: { login: Login }) {
  const kill = useAct("accounts.sessions.kill", { changes: ["accounts.sessions.list"], onDone: () => toast(text.me.killed) });
  return (
    <Button
      small
      look="ghost"
      busy={kill.isPending}
      aria-label={text.me.killOf(deviceOf(login.userAgent))}
      onClick={() => kill.mutate({ sessionId: login.id }, { onError: (error) => toast(explain(error).body, true) })}
    >
      {text.me.kill}
    </Button>
  );
}

const BROWSERS: ReadonlyArray<[RegExp, string]> = [
  [/Edg\//, "Edge"],
  [/OPR\//, "Opera"],
  [/Firefox\//, "Firefox"],
  [/Chrome\//, "Chrome"],
  [/Safari\//, "Safari"],
];
const SYSTEMS: ReadonlyArray<[RegExp, string]> = [
  [/Android/, "Android"],
  [/iPhone|iPad/, "iOS"],
  [/Mac OS X/, "macOS"],
  [/Windows/, "Windows"],
  [/Linux/, "Linux"],
];

function deviceOf(userAgent: string | undefined): string {
  if (!userAgent) return text.me.unknownDevice;
  const named = (list: ReadonlyArray<[RegExp, string]>) => list.find(([pattern]) => pattern.test(userAgent))?.[1];
  const browser = named(BROWSERS);
  const system = named(SYSTEMS);
  if (browser && system) return text.me.browserOn(browser, system);
  return browser ?? userAgent.slice(0, 40);
}
