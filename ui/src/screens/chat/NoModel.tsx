import { Link } from "@tanstack/react-router";
import { BrainCircuit } from "lucide-react";
import { buttonClass } from "../../components/Button";
import { useMay, useServer, useWorkspace } from "../../rpc/hooks";
import { text } from "../../text/en";

/** Undefined until it is known. */
export function useHasModel(): boolean | undefined {
  const models = useServer("models.list", {});
  return models.data && models.data.models.length > 0;
}

export function NoModel() {
  const { workspace } = useWorkspace();
  const mayConnect = useMay()("models.providers.set");
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-3 rounded-2xl border border-line bg-surface p-4 shadow-card">
      <span className="grid size-10 shrink-0 place-items-center rounded-xl bg-accent-soft text-accent-ink">
        <BrainCircuit aria-hidden className="size-5" />
      </span>
      <div className="min-w-0 flex-1 basis-56">
        <p className="font-medium">{text.chat.noModelTitle}</p>
        <p className="text-sm text-ink-2">{mayConnect ? text.chat.noModelAdmin : text.chat.noModelOther}</p>
      </div>
      {mayConnect && (
        <Link to="/w/$workspaceId/models" params={{ workspaceId: workspace.id }} className={buttonClass("primary")}>
          {text.chat.openModels}
        </Link>
      )}
    </div>
  );
}
