import { Dialog as Base } from "@base-ui/react/dialog";
import { Search } from "lucide-react";
import { useDeferredValue, useEffect, useId, useState, type KeyboardEvent } from "react";
import { text } from "../text/en";
import { usePaletteItems, type PaletteItem } from "./palette-items";

/** Goes anywhere by a few letters. */
export function Palette() {
  const [open, setOpen] = useState(false);
  useEffect(() => {
    const keyDown = (event: globalThis.KeyboardEvent) => {
      if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
      event.preventDefault();
      setOpen((before) => !before);
    };
    document.addEventListener("keydown", keyDown);
    return () => document.removeEventListener("keydown", keyDown);
  }, []);
  return (
    <Base.Root open={open} onOpenChange={setOpen}>
      <Base.Trigger className="flex size-9 items-center justify-center gap-2.5 rounded-lg text-ink-3 transition-colors hover:bg-hover sm:w-64 sm:justify-start sm:border sm:border-line sm:bg-canvas sm:px-3">
        <Search aria-hidden className="size-4 shrink-0" />
        <span className="sr-only sm:not-sr-only sm:flex-1 sm:text-left">{text.palette.open}</span>
        <kbd aria-hidden className="hidden rounded border border-line bg-surface px-1.5 font-sans text-xs sm:block">
          {text.palette.keys}
        </kbd>
      </Base.Trigger>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 bg-veil transition-opacity duration-100 data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <Base.Popup className="fixed top-[12vh] left-1/2 flex max-h-[70dvh] w-[calc(100vw-2rem)] max-w-xl -translate-x-1/2 flex-col overflow-hidden rounded-2xl border border-line bg-surface shadow-float transition-opacity duration-100 data-ending-style:opacity-0 data-starting-style:opacity-0">
          <Base.Title className="sr-only">{text.palette.open}</Base.Title>
          <Choices onClose={() => setOpen(false)} />
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

function Choices({ onClose }: { onClose: () => void }) {
  const id = useId();
  const [typed, setTyped] = useState("");
  const [chosen, setChosen] = useState(0);
  const items = usePaletteItems(typed.trim(), useDeferredValue(typed.trim()));
  const index = Math.min(chosen, items.length - 1);
  const choose = (item: PaletteItem | undefined) => {
    if (!item) return;
    onClose();
    item.go();
  };
  const move = (next: number) => {
    setChosen(next);
    document.getElementById(`${id}-${next}`)?.scrollIntoView({ block: "nearest" });
  };
  const keyDown = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown") move((index + 1) % items.length);
    else if (event.key === "ArrowUp") move((index - 1 + items.length) % items.length);
    else if (event.key === "Enter") choose(items[index]);
    else return;
    event.preventDefault();
  };
  return (
    <>
      <input
        role="combobox"
        aria-expanded
        aria-controls={`${id}-list`}
        aria-activedescendant={items.length > 0 ? `${id}-${index}` : undefined}
        aria-label={text.palette.open}
        placeholder={text.palette.placeholder}
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          setChosen(0);
        }}
        onKeyDown={keyDown}
        className="h-13 shrink-0 border-b border-line bg-transparent px-4 text-lg outline-none"
      />
      {items.length === 0 && <p className="px-4 py-8 text-center text-ink-3">{text.palette.nothing}</p>}
      <div id={`${id}-list`} role="listbox" aria-label={text.palette.open} className="min-h-0 overflow-y-auto p-1.5">
        {items.map((item, place) => (
          <Choice key={item.id} id={`${id}-${place}`} item={item} title={item.group === items[place - 1]?.group ? undefined : item.group} active={place === index} onChoose={() => choose(item)} />
        ))}
      </div>
    </>
  );
}

interface ChoiceProps {
  id: string;
  item: PaletteItem;
  /** Above the first of its group. */
  title: string | undefined;
  active: boolean;
  onChoose: () => void;
}

function Choice({ id, item: { label, icon: Icon }, title, active, onChoose }: ChoiceProps) {
  return (
    <>
      {title && (
        <p aria-hidden className="px-2.5 pt-2.5 pb-1 text-xs font-medium text-ink-3">
          {title}
        </p>
      )}
      {/* The keyboard moves through the list from the input above. */}
      {/* oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus */}
      <div id={id} role="option" aria-selected={active} onClick={onChoose} className="flex h-9 cursor-pointer items-center gap-3 rounded-lg px-2.5 hover:bg-hover aria-selected:bg-accent-soft">
        <Icon aria-hidden className="size-4 shrink-0 text-ink-3" />
        <span className="truncate">{label}</span>
      </div>
    </>
  );
}
