// The cookie cannot be seen from here. This note, which grants nothing, saves a signed-out visitor a refused call.
const NOTE = "pmos.signedIn";

export function expectPerson(expected: boolean): void {
  try {
    if (expected) localStorage.setItem(NOTE, "1");
    else localStorage.removeItem(NOTE);
  } catch {
    // Without storage the server is simply asked each time.
  }
}

export function isPersonExpected(): boolean {
  try {
    return localStorage.getItem(NOTE) !== null;
  } catch {
    return true;
  }
}
