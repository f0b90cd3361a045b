export interface ToastMessage {
  text: string;
  bad?: boolean;
}

type Listener = (message: ToastMessage) => void;

// The visible part is loaded after the first paint; what is said before it listens waits here.
const early: ToastMessage[] = [];
let listener: Listener | undefined;

export function toast(text: string, bad = false): void {
  const message = { text, bad };
  if (listener) listener(message);
  else early.push(message);
}

export function onToast(next: Listener): () => void {
  listener = next;
  for (const message of early.splice(0)) next(message);
  return () => {
    listener = undefined;
  };
}
