import type { UseFormReturn } from "react-hook-form";
import { SelectField, TextArea, TextField } from "../../components/Field";
import { rules, z } from "../../components/form";
import { useServer } from "../../rpc/hooks";
import { text } from "../../text/en";

export const agentSchema = z.object({
  name: rules.text(80),
  emoji: rules.optionalText(16),
  description: rules.optionalText(2_000),
  model: z.string(),
  visibility: z.enum(["workspace", "private"]),
});

export type AgentValues = z.infer<typeof agentSchema>;

/** What an agent is: asked when it is made, and whenever it is changed. */
export function AgentFields({ form, disabled }: { form: UseFormReturn<AgentValues>; disabled?: boolean }) {
  const models = useServer("models.list", {});
  const { errors } = form.formState;
  const options = models.data?.models.map((model) => `${model.provider}/${model.id}`) ?? [];
  const present = form.getValues("model");
  const all = present && !options.includes(present) ? [present, ...options] : options;
  return (
    <fieldset disabled={disabled} className="space-y-4">
      <div className="grid grid-cols-[minmax(0,1fr)_5.5rem] gap-3">
        <TextField label={text.common.name} placeholder={text.agents.namePlaceholder} error={errors.name?.message} {...form.register("name")} />
        <TextField label={text.agents.emoji} hint={text.agents.emojiHint} error={errors.emoji?.message} className="text-center" {...form.register("emoji")} />
      </div>
      <TextArea
        label={text.agents.description}
        optional
        placeholder={text.agents.descriptionPlaceholder}
        error={errors.description?.message}
        {...form.register("description")}
      />
      <SelectField label={text.agents.model} {...form.register("model")}>
        <option value="">{text.agents.standardModel}</option>
        {all.map((id) => (
          <option key={id} value={id}>
            {id}
          </option>
        ))}
      </SelectField>
      <SelectField label={text.agents.visibility} {...form.register("visibility")}>
        <option value="workspace">{text.agents.visibilities.workspace}</option>
        <option value="private">{text.agents.visibilities.private}</option>
      </SelectField>
    </fieldset>
  );
}
