import { useNavigate } from "@tanstack/react-router";
import { CloudOff, RefreshCw, ShieldAlert } from "lucide-react";
import { useEffect, useState } from "react";
import { Banner } from "../components/Banner";
import { useAct, useServer, useSocketState, useWorkspace } from "../rpc/hooks";
import { PROTOCOL_HASH } from "../rpc/protocol";
import { text } from "../text/en";

/** States of the connection and of the access that a person must know about on every screen. */
export function Banners() {
  const { workspace } = useWorkspace();
  return (
    <section aria-label={text.shell.notices}>
      {workspace.grantExpiresAt !== undefined && <GrantBanner until={workspace.grantExpiresAt} />}
      <ConnectionBanner />
    </section>
  );
}

function ConnectionBanner() {
  const { connection } = useWorkspace();
  const state = useSocketState();
  const reload = <BannerButton onClick={() => window.location.reload()}>{text.shell.reload}</BannerButton>;
  if (state.kind === "waiting") {
    return (
      <Banner icon={CloudOff} action={<BannerButton onClick={() => connection.retryNow()}>{text.shell.retryNow}</BannerButton>}>
        {text.shell.offlineBanner}
      </Banner>
    );
  }
  if (state.kind === "ended" && state.reason !== "stopped") {
    return (
      <Banner icon={CloudOff} action={reload}>
        {text.shell.refused}
      </Banner>
    );
  }
  const serverHash = connection.serverProtocolHash;
  if (serverHash && PROTOCOL_HASH && serverHash !== PROTOCOL_HASH) {
    return (
      <Banner icon={RefreshCw} action={reload}>
        {text.shell.newVersion}
      </Banner>
    );
  }
  return null;
}

function GrantBanner({ until }: { until: number }) {
  const { workspace } = useWorkspace();
  const navigate = useNavigate();
  const left = useSecondsUntil(until);
  const grants = useServer("grants.list", {});
  const revoke = useAct("grants.revoke", {
    changes: ["accounts.me", "grants.list"],
    onDone: () => navigate({ to: "/admin", search: { tab: "grants" } }),
  });
  const grant = grants.data?.grants.find((one) => one.workspaceId === workspace.id && one.revokedAt === undefined && one.expiresAt === until);
  const clock = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
  return (
    <Banner
      quiet
      icon={ShieldAlert}
      action={grant && <BannerButton onClick={() => revoke.mutate({ grantId: grant.id })}>{text.shell.leaveGranted}</BannerButton>}
    >
      {text.shell.granted(workspace.name, clock)}
    </Banner>
  );
}

function useSecondsUntil(until: number): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return Math.max(0, Math.ceil((until - now) / 1_000));
}

function BannerButton({ onClick, children }: { onClick: () => void; children: string }) {
  return (
    <button type="button" onClick={onClick} className="rounded font-semibold underline underline-offset-2">
      {children}
    </button>
  );
}
