import { METHOD_LEVELS } from "./protocol";
import type { MethodName, Role } from "./types";

const RANK: Record<string, number> = { viewer: 1, member: 2, admin: 3 };

/** Whether a method is about one workspace, and so may travel on its socket. */
export function isWorkspaceMethod(method: MethodName): boolean {
  return METHOD_LEVELS[method] in RANK;
}

/** The guess before the server has said what we may call. */
export function roleMay(role: Role, method: MethodName): boolean {
  return (RANK[role] ?? 0) >= (RANK[METHOD_LEVELS[method]] ?? Number.POSITIVE_INFINITY);
}
