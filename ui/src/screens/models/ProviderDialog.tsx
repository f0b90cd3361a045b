import { Button } from "../../components/Button";
import { Dialog, DialogActions } from "../../components/Dialog";
import { SelectField, TextArea, TextField } from "../../components/Field";
import { beyondFields, objection, rules, useChecked, z } from "../../components/form";
import { FormError } from "../../components/FormError";
import { toast } from "../../components/toast";
import { useAct } from "../../rpc/hooks";
import type { Provider } from "../../rpc/types";
import { text } from "../../text/en";

const schema = z.object({
  kind: z.enum(["openai", "anthropic"]),
  name: rules.slug(),
  baseUrl: rules.optionalUrl(),
  apiKey: z.string(),
  models: z.string(),
  defaultModel: rules.optionalText(120),
});

export function ProviderDialog({ provider, onClose }: { provider: Provider | undefined; onClose: () => void }) {
  const form = useChecked(schema, {
    kind: provider?.kind ?? "openai",
    name: provider?.name ?? "",
    baseUrl: provider?.baseUrl ?? "",
    apiKey: "",
    models: provider?.models.join("\n") ?? "",
    defaultModel: provider?.defaultModel ?? "",
  });
  const { errors } = form.formState;
  const save = useAct("models.providers.set", {
    changes: ["models.providers.list", "models.list"],
    onDone: (result) => {
      toast(text.models.saved(result.provider.name));
      onClose();
    },
  });
  const submit = form.handleSubmit(({ kind, name, baseUrl, apiKey, models, defaultModel }) => {
    const list = models.split("\n").map((line) => line.trim()).filter(Boolean);
    save.mutate(
      {
        kind,
        name,
        ...(provider && { providerId: provider.id }),
        ...(baseUrl && { baseUrl }),
        ...(apiKey && { apiKey }),
        ...(list.length > 0 && { models: list }),
        ...(defaultModel && { defaultModel }),
      },
      { onError: (error) => objection(form, error) },
    );
  });
  return (
    <Dialog open onClose={onClose} title={provider ? text.models.editTitle(provider.name) : text.models.addTitle}>
      <form noValidate className="space-y-4" onSubmit={submit}>
        <SelectField label={text.models.kind} {...form.register("kind")}>
          <option value="openai">{text.models.kinds.openai}</option>
          <option value="anthropic">{text.models.kinds.anthropic}</option>
        </SelectField>
        <TextField label={text.common.name} placeholder={text.models.namePlaceholder} hint={text.models.nameHint} error={errors.name?.message} {...form.register("name")} />
        <TextField
          label={text.models.baseUrl}
          optional
          type="url"
          placeholder="https://"
          hint={text.models.baseUrlHint}
          error={errors.baseUrl?.message}
          {...form.register("baseUrl")}
        />
        <TextField
          label={text.models.apiKey}
          optional
          type="password"
          autoComplete="off"
          hint={provider?.keyHint ? text.models.apiKeyKeep : text.models.apiKeyHint}
          error={errors.apiKey?.message}
          {...form.register("apiKey")}
        />
        <TextArea label={text.models.modelList} optional hint={text.models.modelListHint} className="font-mono text-sm" error={errors.models?.message} {...form.register("models")} />
        <TextField label={text.models.defaultModel} optional className="font-mono text-sm" error={errors.defaultModel?.message} {...form.register("defaultModel")} />
        <FormError error={beyondFields(form, save.error)} />
        <DialogActions>
          <Button onClick={onClose}>{text.common.cancel}</Button>
          <Button type="submit" look="primary" busy={save.isPending}>
            {provider ? text.common.save : text.models.add}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
