import { useLocation } from "@tanstack/react-router";
import { useEffect, useRef, type ReactNode } from "react";
import { text } from "../text/en";

export function SkipLink() {
  return (
    <a href="#main" className="skip-link rounded-lg bg-accent px-3 py-2 font-medium text-on-accent">
      {text.shell.skip}
    </a>
  );
}

/** The content of a page. Focus comes here when the screen changes, so that reading starts at its top. */
export function Main({ children, className }: { children: ReactNode; className?: string }) {
  const main = useRef<HTMLElement>(null);
  // Switching between conversations keeps the focus in their list.
  const screen = useLocation({ select: ({ pathname }) => pathname.replace(/(\/chat)\/.*/, "$1") });
  const last = useRef(screen);
  useEffect(() => {
    if (last.current === screen) return;
    last.current = screen;
    main.current?.focus({ preventScroll: true });
  }, [screen]);
  return (
    <main id="main" ref={main} tabIndex={-1} className={className}>
      {children}
    </main>
  );
}
