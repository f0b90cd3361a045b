import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";

interface BannerProps {
  icon: LucideIcon;
  children: ReactNode;
  action?: ReactNode;
  /** Not announced, because its text changes all the time. */
  quiet?: boolean;
}

/** One line over the whole page about a state that lasts. */
export function Banner({ icon: Icon, children, action, quiet }: BannerProps) {
  return (
    <div role={quiet ? undefined : "status"} className="flex flex-wrap items-center justify-center gap-x-3 gap-y-1 border-b border-warn-line bg-warn-soft px-4 py-1.5 text-sm font-medium text-warn-ink">
      <Icon aria-hidden className="size-4 shrink-0" />
      <span>{children}</span>
      {action}
    </div>
  );
}
