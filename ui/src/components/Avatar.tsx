import { clsx } from "clsx";

const HUES = [190, 265, 25, 150, 330, 60, 225, 100];

function hue(seed: string): number {
  let sum = 0;
  for (const letter of seed) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 9973;
  return HUES[sum % HUES.length] ?? 190;
}

function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return letters.map((word) => [...(word ?? "")][0] ?? "").join("").toUpperCase();
}

interface AvatarProps {
  name: string;
  /** Drawn in place of the initials. */
  emoji?: string | undefined;
  square?: boolean;
  size?: "small" | "normal" | "large";
}

/** A person or an agent at a glance. The name stands beside it, so it is hidden from screen readers. */
export function Avatar({ name, emoji, square, size = "normal" }: AvatarProps) {
  return (
    <span
      aria-hidden
      data-hue={hue(name)}
      className={clsx(
        "avatar inline-grid shrink-0 place-items-center font-semibold select-none",
        square ? "rounded-[30%]" : "rounded-full",
        size === "small" && "size-6 text-[0.625rem]",
        size === "normal" && "size-8 text-xs",
        size === "large" && "size-11 text-base",
        emoji && (size === "large" ? "text-xl" : "text-base"),
      )}
    >
      {emoji || initials(name)}
    </span>
  );
}
