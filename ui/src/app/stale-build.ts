const NOTE = "pmos.reloadedAt";
const ONCE_PER_MS = 60_000;

/** After an update the old page asks for files that are gone. Load the new page, but never in a circle. */
export function reloadOnStaleBuild(): void {
  window.addEventListener("vite:preloadError", (event) => {
    const last = Number(sessionStorage.getItem(NOTE) ?? 0);
    if (Date.now() - last < ONCE_PER_MS) return;
    event.preventDefault();
    sessionStorage.setItem(NOTE, String(Date.now()));
    window.location.reload();
  });
}
