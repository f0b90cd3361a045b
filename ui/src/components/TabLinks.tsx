import type { ReactNode } from "react";

/** Parts of one screen, each with its own address. The links themselves come from the router. */
export function TabLinks({ label, children }: { label: string; children: ReactNode }) {
  return (
    <nav aria-label={label} className="mb-6 flex gap-1 overflow-x-auto border-b border-line">
      {children}
    </nav>
  );
}

export const tabLink = "-mb-px inline-flex h-9 shrink-0 items-center border-b-2 border-transparent px-3 text-base font-medium text-ink-2 hover:text-ink -outline-offset-2";
export const tabLinkActive = { className: "border-b-accent! text-ink!" };
