import { explain } from "../text/explain";
import { RequestId } from "./ErrorState";

/** Why a form was not taken, when no single field is to blame. */
export function FormError({ error }: { error: unknown }) {
  if (!error) return null;
  const { title, body, requestId } = explain(error);
  return (
    <div role="alert" className="mt-4 rounded-lg bg-danger-soft px-3 py-2.5 text-sm text-danger-ink">
      <p className="font-medium">{title}</p>
      <p>{body}</p>
      {requestId && <RequestId id={requestId} />}
    </div>
  );
}
