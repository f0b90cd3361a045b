import type { ReactNode } from "react";
import { Logo } from "../../app/Logo";
import { useTitle } from "../../components/Page";

/** The frame of every screen before one is signed in. */
export function SignInPage({ title, lead, children, below }: { title: string; lead?: ReactNode; children?: ReactNode; below?: ReactNode }) {
  useTitle(title);
  return (
    <main className="flex min-h-dvh flex-col items-center px-4 pt-[12vh] pb-10">
      <Logo large />
      <div className="mt-7 w-full max-w-sm rounded-2xl border border-line bg-surface p-6 shadow-card sm:p-7">
        <h1 className="text-xl font-semibold">{title}</h1>
        {lead && <p className="mt-1 text-ink-2">{lead}</p>}
        <div className="mt-5">{children}</div>
      </div>
      {below && <div className="mt-5 max-w-sm text-center text-sm text-ink-2">{below}</div>}
    </main>
  );
}

export const plainLink = "font-medium text-accent-ink underline underline-offset-2";
