import { CircleAlert, CircleCheck, X } from "lucide-react";
import { useEffect, useState } from "react";
import { text } from "../text/en";
import { IconButton } from "./Button";
import { onToast, type ToastMessage } from "./toast";

interface Shown extends ToastMessage {
  id: number;
}

const MOST_SHOWN = 3;
const GOOD_MS = 5_000;
const BAD_MS = 10_000;

/** Short news about what one has just done. Read out politely; never takes the focus. */
export function Toaster() {
  const [shown, setShown] = useState<ReadonlyArray<Shown>>([]);
  useEffect(() => {
    let last = 0;
    return onToast((message) => setShown((all) => [...all.slice(1 - MOST_SHOWN), { ...message, id: ++last }]));
  }, []);
  const close = (id: number) => setShown((all) => all.filter((one) => one.id !== id));
  return (
    <section aria-label={text.shell.notifications} className="pointer-events-none fixed right-4 bottom-20 z-40 w-80 max-w-[calc(100vw-2rem)] md:bottom-4">
      <ol aria-live="polite" className="flex flex-col gap-2">
        {shown.map((one) => (
          <Toast key={one.id} message={one} onClose={() => close(one.id)} />
        ))}
      </ol>
    </section>
  );
}

function Toast({ message, onClose }: { message: ToastMessage; onClose: () => void }) {
  // Someone who points at it is reading it.
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held) return;
    const timer = setTimeout(onClose, message.bad ? BAD_MS : GOOD_MS);
    return () => clearTimeout(timer);
  }, [held, message.bad, onClose]);
  return (
    <li
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      className="rise pointer-events-auto flex items-center gap-2.5 rounded-xl border border-line bg-surface py-2 pr-1.5 pl-3.5 shadow-float"
    >
      {message.bad ? <CircleAlert aria-hidden className="size-4 shrink-0 text-danger-ink" /> : <CircleCheck aria-hidden className="size-4 shrink-0 text-good-ink" />}
      <p className={`min-w-0 flex-1 font-medium ${message.bad ? "text-danger-ink" : ""}`}>{message.text}</p>
      <IconButton icon={X} label={text.common.close} onClick={onClose} />
    </li>
  );
}
