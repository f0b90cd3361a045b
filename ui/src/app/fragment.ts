// One-time tokens come in the fragment of a link, which never reaches a server or its logs.
// They are taken out of the address at once, so that they stay out of the history as well.
import { useSyncExternalStore } from "react";

let taken = new URLSearchParams();
const watchers = new Set<() => void>();

function take(): void {
  const { hash, pathname, search } = window.location;
  if (!/^#(bootstrap|token)=/.test(hash)) return;
  taken = new URLSearchParams(hash.slice(1));
  window.history.replaceState(window.history.state, "", pathname + search);
  for (const watcher of watchers) watcher();
}

// Here and not in a function: the router's modules import this one, so it runs before they read the address.
take();
window.addEventListener("hashchange", take);

export function fragmentToken(name: "bootstrap" | "token"): string | undefined {
  return taken.get(name) ?? undefined;
}

export function useFragmentToken(name: "bootstrap" | "token"): string | undefined {
  return useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => fragmentToken(name),
  );
}
