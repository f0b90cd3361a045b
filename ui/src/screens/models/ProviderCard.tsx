import { CircleAlert, CircleCheck } from "lucide-react";
import { useState } from "react";
import { Badge } from "../../components/Badge";
import { Button } from "../../components/Button";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { FormError } from "../../components/FormError";
import { Card } from "../../components/Page";
import { toast } from "../../components/toast";
import { useAct, useMay } from "../../rpc/hooks";
import type { Provider, Result } from "../../rpc/types";
import { text } from "../../text/en";

const SHOWN_MODELS = 8;

export function ProviderCard({ provider, onEdit }: { provider: Provider; onEdit: () => void }) {
  const may = useMay();
  const [removing, setRemoving] = useState(false);
  const check = useAct("models.providers.check", { changes: ["models.list"] });
  const isOurs = provider.source === "workspace" && may("models.providers.set");
  return (
    <Card className="p-5">
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-3">
        <div className="min-w-0">
          <h2 className="flex flex-wrap items-center gap-2 text-lg font-semibold">
            {provider.name}
            <Badge>{text.models.kinds[provider.kind]}</Badge>
            {provider.source === "operator" && <Badge tone="accent">{text.models.operator}</Badge>}
          </h2>
          <p className="mt-0.5 font-mono text-xs text-ink-3">{provider.baseUrl}</p>
          {provider.keyHint && <p className="mt-1 text-sm text-ink-2">{text.models.ownKey(provider.keyHint)}</p>}
        </div>
        <div className="flex flex-wrap gap-2">
          <Button small busy={check.isPending} onClick={() => check.mutate({ providerId: provider.id })}>
            {text.models.check}
          </Button>
          {isOurs && (
            <>
              <Button small onClick={onEdit}>
                {text.models.edit}
              </Button>
              <Button small look="ghost" onClick={() => setRemoving(true)}>
                {text.models.remove}
              </Button>
            </>
          )}
        </div>
      </div>
      <ModelNames provider={provider} />
      {check.data && <CheckResult result={check.data} />}
      <FormError error={check.error} />
      {removing && <RemoveProvider provider={provider} onClose={() => setRemoving(false)} />}
    </Card>
  );
}

function ModelNames({ provider }: { provider: Provider }) {
  const more = provider.models.length - SHOWN_MODELS;
  if (provider.models.length === 0) return null;
  return (
    <ul className="mt-4 flex flex-wrap items-center gap-1.5">
      {provider.models.slice(0, SHOWN_MODELS).map((model) => (
        <li key={model}>
          <Badge tone={model === provider.defaultModel ? "accent" : "plain"}>
            <span className="font-mono">{model}</span>
            {model === provider.defaultModel && <span>· {text.models.standard}</span>}
          </Badge>
        </li>
      ))}
      {more > 0 && <li className="text-xs text-ink-3">{text.models.moreModels(more)}</li>}
    </ul>
  );
}

function CheckResult({ result }: { result: Result<"models.providers.check"> }) {
  return result.ok ? (
    <p role="status" className="mt-4 flex items-center gap-2 text-sm font-medium text-good-ink">
      <CircleCheck aria-hidden className="size-4 shrink-0" />
      {text.models.checkOk(result.models.length)}
    </p>
  ) : (
    <div role="alert" className="mt-4 flex gap-2 text-sm text-danger-ink">
      <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
      <p className="min-w-0">
        <span className="font-medium">{text.models.checkBad}:</span> {result.error}
      </p>
    </div>
  );
}

function RemoveProvider({ provider, onClose }: { provider: Provider; onClose: () => void }) {
  const remove = useAct("models.providers.delete", {
    changes: ["models.providers.list", "models.list"],
    onDone: () => {
      toast(text.models.deleted(provider.name));
      onClose();
    },
  });
  return (
    <ConfirmDialog
      title={text.models.deleteTitle(provider.name)}
      consequence={text.models.deleteBody}
      action={text.models.remove}
      pending={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate({ providerId: provider.id })}
      onClose={onClose}
    />
  );
}
