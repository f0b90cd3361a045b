import { createRouter } from "@tanstack/react-router";
import { forgetPerson, onSignedOut } from "../rpc/query-client";
import { routeTree } from "./routes";
import { Missing, Broken } from "./Missing";

export const router = createRouter({
  routeTree,
  defaultPreload: "intent",
  defaultPreloadStaleTime: 0,
  scrollRestoration: true,
  defaultNotFoundComponent: Missing,
  defaultErrorComponent: ({ error, reset }) => <Broken error={error} onRetry={reset} />,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}

const PUBLIC = new Set(["/login", "/signup", "/reset", "/invite"]);

onSignedOut(() => {
  const { pathname, searchStr } = router.state.location;
  if (PUBLIC.has(pathname)) return;
  // After the failed query has been dealt with, because this empties the cache that it lives in.
  queueMicrotask(() => {
    forgetPerson();
    void router.navigate({ to: "/login", search: { next: pathname + searchStr }, replace: true });
  });
});
