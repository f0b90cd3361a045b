import { text } from "../text/en";

export function Logo({ large }: { large?: boolean }) {
  return (
    <span className="inline-flex items-center gap-2.5 font-semibold tracking-tight">
      <img src="/favicon.svg" alt="" className={large ? "size-9" : "size-6"} />
      {text.product}
    </span>
  );
}
