import { Menu as Base } from "@base-ui/react/menu";
import { clsx } from "clsx";
import type { LucideIcon } from "lucide-react";
import type { ReactElement, ReactNode } from "react";

const ITEM =
  "flex w-full items-center gap-2.5 rounded-md px-2.5 py-1.5 text-base select-none outline-none data-highlighted:bg-hover data-disabled:opacity-50";

interface MenuProps {
  trigger: ReactElement;
  children: ReactNode;
  align?: "start" | "end";
  className?: string;
}

export function Menu({ trigger, children, align = "end", className }: MenuProps) {
  return (
    <Base.Root modal={false}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner sideOffset={6} align={align} className="z-30">
          <Base.Popup
            className={clsx(
              "max-h-(--available-height) max-w-[calc(100vw-1rem)] min-w-48 overflow-y-auto rounded-xl border border-line bg-surface p-1 shadow-float outline-none",
              "origin-(--transform-origin) transition-[opacity,scale] duration-100 data-ending-style:scale-98 data-ending-style:opacity-0 data-starting-style:scale-98 data-starting-style:opacity-0",
              className,
            )}
          >
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

interface ItemProps {
  icon?: LucideIcon;
  onSelect: () => void;
  danger?: boolean;
  disabled?: boolean;
  children: ReactNode;
}

export function MenuItem({ icon: Icon, onSelect, danger, disabled, children }: ItemProps) {
  return (
    <Base.Item disabled={disabled ?? false} onClick={onSelect} className={clsx(ITEM, danger && "text-danger-ink")}>
      {Icon && <Icon aria-hidden className={clsx("size-4 shrink-0", !danger && "text-ink-3")} />}
      {children}
    </Base.Item>
  );
}

interface ChoiceProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  choices: ReadonlyArray<{ value: string; label: ReactNode }>;
}

/** A group of which one is chosen. */
export function MenuChoice({ label, value, onChange, choices }: ChoiceProps) {
  return (
    <Base.RadioGroup value={value} onValueChange={onChange} aria-label={label}>
      {choices.map((choice) => (
        <Base.RadioItem key={choice.value} value={choice.value} closeOnClick className={clsx(ITEM, "justify-between")}>
          <span className="min-w-0 truncate">{choice.label}</span>
          <Base.RadioItemIndicator className="size-1.5 shrink-0 rounded-full bg-accent" />
        </Base.RadioItem>
      ))}
    </Base.RadioGroup>
  );
}

export function MenuLine() {
  return <Base.Separator className="my-1 h-px bg-line" />;
}
