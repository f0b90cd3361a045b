import { clsx } from "clsx";
import { useEffect, type ReactNode } from "react";
import { text } from "../text/en";

interface PageProps {
  title: string;
  lead?: ReactNode;
  actions?: ReactNode;
  /** Above the title: the way back. */
  above?: ReactNode;
  narrow?: boolean;
  children: ReactNode;
}

/** A screen with a title and what belongs to it. */
export function Page({ title, lead, actions, above, narrow, children }: PageProps) {
  useTitle(title);
  return (
    <div className={clsx("mx-auto w-full px-4 py-6 sm:px-8 sm:py-8", narrow ? "max-w-3xl" : "max-w-6xl")}>
      {above}
      <div className="mb-6 flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-0">
          <h1 className="text-xl font-semibold">{title}</h1>
          {lead && <p className="mt-1 max-w-2xl text-ink-2">{lead}</p>}
        </div>
        {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
      </div>
      {children}
    </div>
  );
}

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · ${text.product}`;
  }, [title]);
}

export function Card({ children, className }: { children: ReactNode; className?: string }) {
  return <div className={clsx("rounded-xl border border-line bg-surface shadow-card", className)}>{children}</div>;
}

/** A titled block of settings within a page. */
export function Section({ title, lead, actions, children }: { title: string; lead?: ReactNode; actions?: ReactNode; children: ReactNode }) {
  return (
    <section className="mb-8">
      <div className="mb-3 flex flex-wrap items-end justify-between gap-3">
        <div className="min-w-0">
          <h2 className="text-lg font-semibold">{title}</h2>
          {lead && <p className="mt-0.5 max-w-2xl text-sm text-ink-2">{lead}</p>}
        </div>
        {actions}
      </div>
      {children}
    </section>
  );
}
