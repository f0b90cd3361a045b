import { clsx } from "clsx";
import { useId, type InputHTMLAttributes, type ReactNode, type Ref, type SelectHTMLAttributes, type TextareaHTMLAttributes } from "react";
import { text } from "../text/en";

interface FieldProps {
  label: string;
  hint?: ReactNode;
  error?: string | undefined;
  optional?: boolean;
}

interface Wiring {
  id: string;
  "aria-describedby": string | undefined;
  "aria-invalid": true | undefined;
}

const CONTROL =
  "w-full rounded-lg border border-line-strong bg-surface px-3 text-base text-ink shadow-card transition-colors hover:border-ink-3 aria-invalid:border-danger disabled:bg-sunken disabled:text-ink-3";

function Field({ label, hint, error, optional, children }: FieldProps & { children: (wiring: Wiring) => ReactNode }) {
  const id = useId();
  const describedBy = clsx(hint && `${id}-hint`, error && `${id}-error`) || undefined;
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="mb-1.5 flex items-baseline justify-between gap-2 text-sm font-medium text-ink">
        {label}
        {optional && <span className="font-normal text-ink-3">{text.common.optional}</span>}
      </label>
      {children({ id, "aria-describedby": describedBy, "aria-invalid": error ? true : undefined })}
      {hint && (
        <p id={`${id}-hint`} className="mt-1.5 text-xs text-ink-3">
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} role="alert" className="mt-1.5 text-xs font-medium text-danger-ink">
          {error}
        </p>
      )}
    </div>
  );
}

type InputProps = FieldProps & InputHTMLAttributes<HTMLInputElement> & { ref?: Ref<HTMLInputElement> };

export function TextField({ label, hint, error, optional, className, ...rest }: InputProps) {
  return (
    <Field {...{ label, hint, error, optional }}>
      {(wiring) => <input type="text" {...rest} {...wiring} className={clsx(CONTROL, "h-9", className)} />}
    </Field>
  );
}

type AreaProps = FieldProps & TextareaHTMLAttributes<HTMLTextAreaElement> & { ref?: Ref<HTMLTextAreaElement> };

export function TextArea({ label, hint, error, optional, className, ...rest }: AreaProps) {
  return (
    <Field {...{ label, hint, error, optional }}>
      {(wiring) => <textarea rows={3} {...rest} {...wiring} className={clsx(CONTROL, "py-2", className)} />}
    </Field>
  );
}

type SelectProps = FieldProps & SelectHTMLAttributes<HTMLSelectElement> & { ref?: Ref<HTMLSelectElement> };

export function SelectField({ label, hint, error, optional, className, children, ...rest }: SelectProps) {
  return (
    <Field {...{ label, hint, error, optional }}>
      {(wiring) => (
        <select {...rest} {...wiring} className={clsx(CONTROL, "h-9 pr-7", className)}>
          {children}
        </select>
      )}
    </Field>
  );
}

type CheckProps = Omit<InputHTMLAttributes<HTMLInputElement>, "type"> & { label: string; hint?: string; ref?: Ref<HTMLInputElement> };

export function CheckField({ label, hint, ...rest }: CheckProps) {
  const id = useId();
  return (
    <div className="flex gap-2.5">
      <input type="checkbox" {...rest} id={id} aria-describedby={hint ? `${id}-hint` : undefined} className="mt-0.5 size-4 shrink-0 accent-accent" />
      <div className="min-w-0">
        <label htmlFor={id} className="text-base">
          {label}
        </label>
        {hint && (
          <p id={`${id}-hint`} className="text-xs text-ink-3">
            {hint}
          </p>
        )}
      </div>
    </div>
  );
}
