// An admin connects the providers of language models, checks that they answer, and removes them.
import { BrainCircuit, Plus } from "lucide-react";
import { useState } from "react";
import { Badge } from "../../components/Badge";
import { Button } from "../../components/Button";
import { EmptyState } from "../../components/EmptyState";
import { ErrorState } from "../../components/ErrorState";
import { Card, Page, Section } from "../../components/Page";
import { useMay, useServer } from "../../rpc/hooks";
import type { Provider } from "../../rpc/types";
import { text } from "../../text/en";
import { ProviderCard } from "./ProviderCard";
import { ProviderDialog } from "./ProviderDialog";

export function ModelsScreen() {
  const may = useMay();
  const providers = useServer("models.providers.list", {});
  const [editing, setEditing] = useState<Provider | "new">();
  const add = may("models.providers.set") && (
    <Button look="primary" icon={Plus} onClick={() => setEditing("new")}>
      {text.models.add}
    </Button>
  );
  return (
    <Page narrow title={text.models.title} lead={text.models.lead} actions={providers.data?.providers.length ? add : undefined}>
      {providers.isError ? (
        <ErrorState error={providers.error} onRetry={providers.refetch} />
      ) : !providers.data ? (
        <div className="skeleton h-32 rounded-xl" />
      ) : providers.data.providers.length === 0 ? (
        <Card>
          <EmptyState icon={BrainCircuit} title={text.models.empty} body={providers.data.hint ?? text.models.emptyBody} action={add} />
        </Card>
      ) : (
        <ul className="space-y-4">
          {providers.data.providers.map((provider) => (
            <li key={provider.id}>
              <ProviderCard provider={provider} onEdit={() => setEditing(provider)} />
            </li>
          ))}
        </ul>
      )}
      <div className="mt-10">
        <AvailableModels />
      </div>
      {editing && <ProviderDialog provider={editing === "new" ? undefined : editing} onClose={() => setEditing(undefined)} />}
    </Page>
  );
}

function AvailableModels() {
  const models = useServer("models.list", {});
  if (!models.data?.models.length) return null;
  return (
    <Section title={text.models.available} lead={text.models.availableLead}>
      <Card>
        <ul className="divide-y divide-line">
          {models.data.models.map((model) => (
            <li key={`${model.provider}/${model.id}`} className="flex flex-wrap items-baseline justify-between gap-x-4 px-4 py-2.5">
              <span className="min-w-0 font-mono text-sm">
                <span className="text-ink-3">{model.provider}/</span>
                {model.id}
              </span>
              {model.isDefault && <Badge tone="accent">{text.models.standard}</Badge>}
            </li>
          ))}
        </ul>
      </Card>
    </Section>
  );
}
