// What an agent writes is not trusted: no raw HTML, no foreign image is loaded, links leave only by http, https and mailto.
import { memo, useId, useMemo } from "react";
import ReactMarkdown, { type Components } from "react-markdown";
import remarkGfm from "remark-gfm";
import { text } from "../../text/en";
import { blocks } from "./blocks";

const ALLOWED = /^(https?|mailto):/i;

/** Empties every address of another scheme. A relative one would point into our own pages, so it goes too. */
export function safeAddress(url: string): string {
  return ALLOWED.test(url.trim()) ? url : "";
}

const outward = { target: "_blank", rel: "noopener noreferrer nofollow" };
const heading: Components["h3"] = ({ children }) => <h3>{children}</h3>;

const components: Components = {
  a: ({ href, children }) => (href ? <a href={href} {...outward}>{children}</a> : <span>{children}</span>),
  // Loading it would tell its server who reads this, and what the agent put into the address.
  img: ({ src, alt }) =>
    typeof src === "string" && /^https?:/i.test(src) ? <a href={src} {...outward}>{text.chat.image(alt ?? "")}</a> : <span>{text.chat.image(alt ?? "")}</span>,
  // One level for all: the page's own headings stand above them.
  h1: heading,
  h2: heading,
  h3: heading,
  h4: heading,
  h5: heading,
  h6: heading,
  // A box that may scroll sideways must be reachable by keyboard.
  // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
  pre: ({ children }) => <pre tabIndex={0}>{children}</pre>,
  table: ({ children }) => (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div role="group" aria-label={text.chat.table} tabIndex={0} className="overflow-x-auto">
      <table>{children}</table>
    </div>
  ),
  input: ({ checked }) => <span>{checked ? "☑" : "☐"}</span>,
};

const plugins = [remarkGfm];

export const Markdown = memo(function Markdown({ source }: { source: string }) {
  // Footnotes get ids; two messages on one page must not share them.
  const id = useId();
  const rehype = useMemo(() => ({ clobberPrefix: `${id}-` }), [id]);
  return (
    <ReactMarkdown remarkPlugins={plugins} remarkRehypeOptions={rehype} components={components} urlTransform={safeAddress}>
      {source}
    </ReactMarkdown>
  );
});

/** While it grows only its last block is parsed again, so that a long answer does not slow down. */
export function StreamingMarkdown({ source }: { source: string }) {
  return (
    <div className="prose prose-streaming">
      {blocks(source).map((block, index) => (
        // Blocks are only ever added at the end, so the index is their identity.
        // oxlint-disable-next-line react/no-array-index-key
        <Markdown key={index} source={block} />
      ))}
    </div>
  );
}
