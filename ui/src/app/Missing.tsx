import { Link } from "@tanstack/react-router";
import { buttonClass } from "../components/Button";
import { ErrorState } from "../components/ErrorState";
import { useTitle } from "../components/Page";
import { text } from "../text/en";

/** An address that leads nowhere, and one that is not for this person: they look the same on purpose. */
export function Missing() {
  useTitle(text.notFound.title);
  return (
    <main id="main" tabIndex={-1} className="grid min-h-[70dvh] place-items-center px-4 text-center">
      <div>
        <p className="font-mono text-sm text-ink-3">404</p>
        <h1 className="mt-2 text-2xl font-semibold">{text.notFound.title}</h1>
        <p className="mt-1 mb-6 text-ink-2">{text.notFound.body}</p>
        <Link to="/workspaces" className={buttonClass("primary")}>
          {text.notFound.home}
        </Link>
      </div>
    </main>
  );
}

export function Broken({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  return (
    <main id="main" tabIndex={-1} className="grid min-h-[70dvh] place-items-center">
      <div>
        <h1 className="sr-only">{text.errors.fallback}</h1>
        <ErrorState error={error} onRetry={onRetry} />
      </div>
    </main>
  );
}
