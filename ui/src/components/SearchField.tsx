import { Search } from "lucide-react";
import { useEffect, useState } from "react";

interface SearchProps {
  label: string;
  value: string;
  onSearch: (value: string) => void;
  className?: string;
}

/** Asks after a pause in typing, not per letter. */
export function SearchField({ label, value, onSearch, className }: SearchProps) {
  const [entered, setEntered] = useState(value);
  useEffect(() => {
    if (entered === value) return;
    const timer = setTimeout(() => onSearch(entered), 250);
    return () => clearTimeout(timer);
  }, [entered, onSearch, value]);
  return (
    <div className={className}>
      <div className="relative">
        <Search aria-hidden className="pointer-events-none absolute top-2.5 left-2.5 size-4 text-ink-3" />
        <input
          type="search"
          aria-label={label}
          placeholder={label}
          value={entered}
          onChange={(event) => setEntered(event.target.value)}
          className="h-9 w-full rounded-lg border border-line-strong bg-surface pr-3 pl-8.5 text-base shadow-card"
        />
      </div>
    </div>
  );
}
