import { clsx } from "clsx";
import { useId, type ReactNode } from "react";
import { text } from "../text/en";
import { Card } from "./Page";

export interface Column<Row> {
  /** Read by screen readers even where it is not drawn. */
  title: string;
  hideTitle?: boolean;
  cell: (row: Row) => ReactNode;
  align?: "end";
  /** Left out where there is no room. */
  from?: "sm" | "md" | "lg";
}

interface TableProps<Row> {
  caption: string;
  columns: ReadonlyArray<Column<Row>>;
  rows: ReadonlyArray<Row> | undefined;
  rowKey: (row: Row) => string;
  empty: ReactNode;
  footer?: ReactNode;
}

const FROM = { sm: "hidden sm:table-cell", md: "hidden md:table-cell", lg: "hidden lg:table-cell" };
const SKELETON_ROWS = ["a", "b", "c", "d"];

export function DataTable<Row>({ caption, columns, rows, rowKey, empty, footer }: TableProps<Row>) {
  const id = useId();
  if (rows?.length === 0) return <Card>{empty}</Card>;
  return (
    <Card className="overflow-hidden">
      {/* A box that may scroll must be reachable by keyboard, and so needs a name. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div role="region" aria-labelledby={id} tabIndex={0} className="relative overflow-x-auto rounded-xl -outline-offset-2">
        <table className="w-full text-left" aria-busy={rows === undefined}>
          <caption id={id} className="sr-only">
            {rows === undefined ? text.common.loading : caption}
          </caption>
          <thead>
            <tr className="border-b border-line">
              {columns.map((column) => (
                <th
                  key={column.title}
                  scope="col"
                  className={clsx("h-9 px-4 text-xs font-medium whitespace-nowrap text-ink-3", column.align === "end" && "text-right", column.from && FROM[column.from])}
                >
                  <span className={clsx(column.hideTitle && "sr-only")}>{column.title}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows?.map((row) => (
              <tr key={rowKey(row)} className="border-b border-line last:border-0 hover:bg-sunken">
                {columns.map((column) => (
                  <td
                    key={column.title}
                    className={clsx("h-13 px-4 py-2 align-middle", column.align === "end" && "text-right", column.from && FROM[column.from])}
                  >
                    {column.cell(row)}
                  </td>
                ))}
              </tr>
            )) ??
              SKELETON_ROWS.map((row) => (
                <tr key={row} className="border-b border-line last:border-0">
                  {columns.map((column) => (
                    <td key={column.title} className={clsx("h-13 px-4", column.from && FROM[column.from])}>
                      <div className="skeleton h-3.5 w-24 max-w-full" />
                    </td>
                  ))}
                </tr>
              ))}
          </tbody>
        </table>
      </div>
      {footer}
    </Card>
  );
}

interface MoreProps {
  query: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown };
}

export function LoadMore({ query }: MoreProps) {
  if (!query.hasNextPage) return null;
  return (
    <div className="border-t border-line p-2 text-center">
      <button
        type="button"
        disabled={query.isFetchingNextPage}
        onClick={() => query.fetchNextPage()}
        className="rounded-lg px-3 py-1.5 text-sm font-medium text-ink-2 hover:bg-hover"
      >
        {query.isFetchingNextPage ? text.common.loading : text.common.loadMore}
      </button>
    </div>
  );
}
