import { cleanup, render } from "@testing-library/react";
import { afterEach, describe, expect, test } from "vitest";
import { blocks } from "./blocks";
import { Markdown, StreamingMarkdown } from "./Markdown";

afterEach(cleanup);
const show = (source: string) => render(<Markdown source={source} />).container;

describe("what an agent writes cannot act", () => {
  test("raw HTML stays text", () => {
    const box = show('Hello <script>alert(1)</script> <img src=x onerror="alert(1)"> <b>bold</b>');
    expect(box.querySelector("script, img, b")).toBeNull();
  });

  test.each(["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd", "/w/other/settings", "//evil.example"])(
    "a link to %s leads nowhere",
    (address) => {
      const box = show(`[press me](${address})`);
      expect(box.querySelector("a")).toBeNull();
      expect(box.textContent).toContain("press me");
    },
  );

  test.each(["https://example.com/a", "http://example.com", "mailto:a@example.com"])("a link to %s opens outside, and tells nobody where from", (address) => {
    const link = show(`[go](${address})`).querySelector("a");
    expect(link?.getAttribute("href")).toBe(address);
    expect(link?.target).toBe("_blank");
    expect(link?.rel).toBe("noopener noreferrer nofollow");
  });

  test("an image is a link that one may press, and is not loaded", () => {
    const box = show("![a chart](https://example.com/a.png?leak=secret)");
    expect(box.querySelector("img")).toBeNull();
    expect(box.querySelector("a")?.textContent).toBe("Image: a chart");
    expect(show("![x](data:image/png;base64,AAAA)").querySelector("a, img")).toBeNull();
  });
});

describe("what an agent writes reads well", () => {
  test("tables, task lists and headings", () => {
    const box = show("# Title\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n- [x] done\n- [ ] open");
    expect(box.querySelector("h1")).toBeNull();
    expect(box.querySelector("h3")?.textContent).toBe("Title");
    expect(box.querySelectorAll("td")).toHaveLength(2);
    expect(box.querySelector("input")).toBeNull();
    expect(box.textContent).toContain("☑ done");
  });

  test("two messages with footnotes do not share ids", () => {
    const { container } = render(
      <>
        <Markdown source={"a[^1]\n\n[^1]: one"} />
        <Markdown source={"b[^1]\n\n[^1]: two"} />
      </>,
    );
    const ids = [...container.querySelectorAll("li[id]")].map((element) => element.id);
    expect(new Set(ids).size).toBe(2);
  });
});

describe("while it streams", () => {
  test("it is cut at empty lines, but not inside of code", () => {
    expect(blocks("a\n\nb\nc")).toEqual(["a\n", "b\nc"]);
    expect(blocks("```\nx\n\ny\n```\n\nend")).toEqual(["```\nx\n\ny\n```\n", "end"]);
    expect(blocks("- a\n\n  more of a\n\nb")).toEqual(["- a\n\n  more of a\n", "b"]);
    expect(blocks("\n\n")).toEqual([]);
  });

  test("an unfinished code block is shown as code already", () => {
    const { container } = render(<StreamingMarkdown source={"See:\n\n```js\nlet a"} />);
    expect(container.querySelector("pre code")?.textContent).toContain("let a");
  });
});
