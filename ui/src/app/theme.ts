import { useSyncExternalStore } from "react";

export type Theme = "system" | "light" | "dark";

// The same name is read by public/theme.js before the first paint.
const NOTE = "pmos.theme";
const system = window.matchMedia("(prefers-color-scheme: dark)");
const watchers = new Set<() => void>();
let chosen: Theme = read();

function read(): Theme {
  try {
    const note = localStorage.getItem(NOTE);
    return note === "light" || note === "dark" ? note : "system";
  } catch {
    return "system";
  }
}

function show(): void {
  const dark = chosen === "dark" || (chosen === "system" && system.matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  for (const watcher of watchers) watcher();
}

system.addEventListener("change", show);

export function chooseTheme(theme: Theme): void {
  chosen = theme;
  try {
    if (theme === "system") localStorage.removeItem(NOTE);
    else localStorage.setItem(NOTE, theme);
  } catch {
    // Then the choice lasts as long as the page.
  }
  show();
}

export function useTheme(): Theme {
  return useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => chosen,
  );
}
