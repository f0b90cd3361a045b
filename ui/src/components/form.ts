import { zodResolver } from "@hookform/resolvers/zod";
import { useForm, type DefaultValues, type FieldValues, type Path, type Resolver, type UseFormReturn } from "react-hook-form";
import * as z from "zod/mini";
import { CallError } from "../rpc/errors";
import { text } from "../text/en";
import { sentence } from "../text/explain";

export { z };

export const PASSWORD_LENGTH = 15;

export const rules = {
  text: (most = 120) =>
    z.string().check(z.trim(), z.minLength(1, text.fields.required), z.maxLength(most, text.fields.tooLong(most))),
  optionalText: (most = 2_000) => z.string().check(z.trim(), z.maxLength(most, text.fields.tooLong(most))),
  email: () => z.string().check(z.trim(), z.minLength(1, text.fields.required), z.regex(/^[^\s@]+@[^\s@]+$/, text.fields.email)),
  optionalEmail: () => z.string().check(z.trim(), z.regex(/^$|^[^\s@]+@[^\s@]+$/, text.fields.email)),
  newPassword: () => z.string().check(z.minLength(PASSWORD_LENGTH, text.fields.passwordTooShort(PASSWORD_LENGTH)), z.maxLength(200, text.fields.tooLong(200))),
  slug: () => z.string().check(z.trim(), z.minLength(1, text.fields.required), z.regex(/^[a-z0-9-]{1,40}$/, text.fields.slug)),
  given: () => z.string().check(z.minLength(1, text.fields.required)),
  optionalUrl: () => z.string().check(z.trim(), z.regex(/^$|^https?:\/\/\S+$/, text.fields.url)),
};

/** A form that is checked by a schema before it is sent, and at each change after the first try. */
export function useChecked<Schema extends z.ZodMiniType<FieldValues, FieldValues>>(schema: Schema, defaultValues: z.infer<Schema>) {
  return useForm<z.infer<Schema>>({
    resolver: zodResolver(schema) as Resolver<z.infer<Schema>>,
    defaultValues: defaultValues as DefaultValues<z.infer<Schema>>,
  });
}

/** Puts the server's objection at the field it is about. What is left over belongs to the whole form. */
export function objection<Values extends FieldValues>(form: UseFormReturn<Values>, error: unknown): void {
  if (!(error instanceof CallError) || !error.field || !(error.field in form.getValues())) return;
  form.setError(error.field as Path<Values>, { message: sentence(error.message) }, { shouldFocus: true });
}

/** The error, unless a field already shows it. */
export function beyondFields<Values extends FieldValues>(form: UseFormReturn<Values>, error: unknown): unknown {
  if (error instanceof CallError && error.field && error.field in form.getValues()) return undefined;
  return error;
}
