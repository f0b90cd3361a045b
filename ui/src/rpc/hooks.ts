import {
  queryOptions,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
  useSuspenseQuery,
  type UseMutationResult,
  type UseQueryResult,
} from "@tanstack/react-query";
import { createContext, use, useSyncExternalStore } from "react";
import type { Connection } from "./connection";
import { callHttp } from "./http";
import { methodKey, PERSON, queryKey } from "./keys";
import { isWorkspaceMethod } from "./levels";
import { meQuery } from "./query-client";
import type { Grant, MethodName, Params, Result, Workspace } from "./types";
import type { SocketState } from "./socket";

export interface WorkspaceHere {
  connection: Connection;
  workspace: Workspace;
}

export const WorkspaceContext = createContext<WorkspaceHere | undefined>(undefined);

export function useMe(): Grant {
  return useSuspenseQuery(meQuery).data;
}

export function useWorkspace(): WorkspaceHere {
  const here = use(WorkspaceContext);
  if (!here) throw new Error("outside of a workspace");
  return here;
}

export function useSocketState(): SocketState {
  const { connection } = useWorkspace();
  return useSyncExternalStore(connection.watchState, () => connection.state);
}

/** Answers "may I?" for hiding what the server would refuse. */
export function useMay(): (method: MethodName) => boolean {
  const { connection, workspace } = useWorkspace();
  useSocketState();
  return (method) => connection.may(method, workspace.role);
}

function caller(here: WorkspaceHere | undefined, method: MethodName) {
  const inWorkspace = isWorkspaceMethod(method);
  if (inWorkspace && !here) throw new Error(`${method} needs a workspace`);
  return {
    owner: inWorkspace && here ? here.connection.workspaceId : PERSON,
    call: <M extends MethodName>(name: M, params: Params<M>, signal?: AbortSignal): Promise<Result<M>> =>
      inWorkspace && here ? here.connection.call(name, params, signal) : callHttp(name, params, signal ? { signal } : {}),
  };
}

export function useServer<M extends MethodName>(
  method: M,
  params: Params<M>,
  options: { enabled?: boolean; keepPrevious?: boolean } = {},
): UseQueryResult<Result<M>> {
  const { owner, call } = caller(use(WorkspaceContext), method);
  return useQuery(
    queryOptions({
      queryKey: queryKey(owner, method, params) as readonly unknown[],
      queryFn: ({ signal }) => call(method, params, signal),
      enabled: options.enabled ?? true,
      ...(options.keepPrevious && { placeholderData: (previous: unknown) => previous as never }),
    }),
  ) as UseQueryResult<Result<M>>;
}

type PagedMethod = "audit.list" | "people.list" | "platform.workspaces.list";

/** A list that the server hands out by cursor. */
export function usePages<M extends PagedMethod>(method: M, params: Params<M>) {
  const { owner, call } = caller(use(WorkspaceContext), method);
  return useInfiniteQuery({
    queryKey: queryKey(owner, method, params) as readonly unknown[],
    queryFn: ({ signal, pageParam }) => call(method, pageParam ? { ...params, cursor: pageParam } : params, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page: Result<PagedMethod>) => page.nextCursor,
  });
}

/** The workspace's sessions, page by page. */
export function useSessionPages(params: Params<"sessions.list">) {
  const { connection } = useWorkspace();
  return useInfiniteQuery({
    queryKey: [...queryKey(connection.workspaceId, "sessions.list", params), "pages"] as readonly unknown[],
    queryFn: ({ signal, pageParam }) => connection.call("sessions.list", { limit: 50, ...params, offset: pageParam }, signal),
    initialPageParam: 0,
    getNextPageParam: (page) => (page.hasMore ? page.nextOffset : undefined),
    placeholderData: (previous) => previous,
  });
}

interface ActOptions<M extends MethodName> {
  onDone?: (result: Result<M>, params: Params<M>) => unknown;
  /** The lists that this changes. */
  changes?: ReadonlyArray<MethodName>;
}

/** A method that changes something. Its lists are fetched again before it counts as done. */
export function useAct<M extends MethodName>(method: M, options: ActOptions<M> = {}): UseMutationResult<Result<M>, Error, Params<M>> {
  const here = use(WorkspaceContext);
  const client = useQueryClient();
  const { call } = caller(here, method);
  return useMutation({
    mutationFn: (params: Params<M>) => call(method, params),
    onSuccess: async (result, params) => {
      await Promise.all(
        (options.changes ?? []).map((changed) =>
          client.invalidateQueries({ queryKey: methodKey(caller(here, changed).owner, changed) }),
        ),
      );
      await options.onDone?.(result, params);
    },
  });
}
