import type { MethodName, Params } from "./types";

/** Whose data a query holds: a workspace id, or the person beyond all workspaces. */
export type Owner = string | typeof PERSON;
export const PERSON = "person";

export function queryKey<M extends MethodName>(owner: Owner, method: M, params: Params<M>) {
  return [owner, method, params] as const;
}

/** Every query of one method, whatever its parameters. */
export function methodKey(owner: Owner, method: MethodName) {
  return [owner, method] as const;
}
