const NOTE = "pmos.workspace";

export function rememberWorkspace(workspaceId: string): void {
  try {
    localStorage.setItem(NOTE, workspaceId);
  } catch {
    // Then the first workspace of the list opens next time.
  }
}

export function lastWorkspace(): string | undefined {
  try {
    return localStorage.getItem(NOTE) ?? undefined;
  } catch {
    return undefined;
  }
}
