import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { CallError, hasCode } from "./errors";
import { callHttp, rememberCsrfToken } from "./http";
import { PERSON, queryKey } from "./keys";
import { expectPerson } from "./expectation";
import type { Grant } from "./types";

const ME = queryKey(PERSON, "accounts.me", {});

let signedOut: () => void = () => undefined;

/** What happens when the server no longer knows us; set once by the router. */
export function onSignedOut(listener: () => void): void {
  signedOut = listener;
}

function judge(error: unknown): void {
  if (hasCode(error, "UNAUTHENTICATED")) signedOut();
}

export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: judge }),
  mutationCache: new MutationCache({ onError: judge }),
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      retry: (failures, error) => failures < 2 && error instanceof CallError && error.retryable,
      refetchOnWindowFocus: false,
    },
    mutations: { retry: false, networkMode: "always" },
  },
});

export const meQuery = {
  queryKey: ME,
  queryFn: async ({ signal }: { signal: AbortSignal }): Promise<Grant> => {
    const grant = await callHttp("accounts.me", {}, { signal });
    rememberCsrfToken(grant.csrfToken);
    return grant;
  },
  staleTime: Number.POSITIVE_INFINITY,
};

/** Who we are, from a sign-in, a sign-up or a changed profile. */
export function adoptGrant(grant: Grant): void {
  rememberCsrfToken(grant.csrfToken);
  expectPerson(true);
  queryClient.setQueryData(ME, grant);
}

export function forgetPerson(): void {
  rememberCsrfToken(undefined);
  expectPerson(false);
  queryClient.clear();
}

/** Nothing of one workspace may linger while another is open; only who we are is carried over. */
export function forgetWorkspaceData(): void {
  const grant = queryClient.getQueryData<Grant>(ME);
  queryClient.clear();
  if (grant) queryClient.setQueryData(ME, grant);
}
