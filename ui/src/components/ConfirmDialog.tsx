import { useState, type ReactNode } from "react";
import { text } from "../text/en";
import { Button } from "./Button";
import { Dialog, DialogActions } from "./Dialog";
import { TextField } from "./Field";
import { FormError } from "./FormError";

interface ConfirmProps {
  title: string;
  /** What will happen, and whether it can be undone. */
  consequence: ReactNode;
  action: string;
  /** When given, the button waits until this has been typed. */
  typed?: string;
  pending: boolean;
  error: unknown;
  onConfirm: () => void;
  onClose: () => void;
}

export function ConfirmDialog({ title, consequence, action, typed, pending, error, onConfirm, onClose }: ConfirmProps) {
  const [entered, setEntered] = useState("");
  return (
    <Dialog open onClose={onClose} title={title} description={consequence}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onConfirm();
        }}
      >
        {typed !== undefined && (
          <TextField label={text.common.typeToConfirm(typed)} value={entered} onChange={(event) => setEntered(event.target.value)} autoComplete="off" />
        )}
        <FormError error={error} />
        <DialogActions>
          <Button onClick={onClose}>{text.common.cancel}</Button>
          <Button type="submit" look="danger" busy={pending} disabled={typed !== undefined && entered !== typed}>
            {action}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
