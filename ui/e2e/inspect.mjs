// Every screen in light, dark and on a phone: accessible, within its policy, silent, and no wider than the window.
import { mkdirSync } from "node:fs";
import { AxeBuilder } from "@axe-core/playwright";
import { check, promise } from "./report.mjs";

const SHOTS = process.env.PMOS_SHOTS;
if (SHOTS) mkdirSync(SHOTS, { recursive: true });

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const DESKTOP = { width: 1366, height: 860 };
const LOOKS = [
  { look: "light", theme: "light", size: DESKTOP },
  { look: "dark", theme: "dark", size: DESKTOP },
  { look: "phone", theme: "light", size: { width: 390, height: 844 } },
];

export async function inspect(visitor, screen) {
  const { page } = visitor;
  for (const { look, theme, size } of LOOKS) {
    await promise(`${screen}, ${look}: accessible, silent, within its width`, async () => {
      await page.setViewportSize(size);
      await page.evaluate((name) => (document.documentElement.dataset.theme = name), theme);
      await page.locator("h1").first().waitFor({ state: "attached" });
      await page.waitForTimeout(150);
      if (SHOTS) await page.screenshot({ path: `${SHOTS}/${screen.replace(/\W+/g, "-")}.${look}.png` });
      await checkWidth(page);
      await checkAccess(page);
      const complaints = visitor.complaints();
      check(complaints.length === 0, complaints.join("\n"));
    });
  }
  await promise(`${screen}, 320 px: no sideways scroll`, async () => {
    await page.setViewportSize({ width: 320, height: 640 });
    await page.waitForTimeout(80);
    await checkWidth(page);
  });
  await page.setViewportSize(DESKTOP);
  await page.evaluate(() => (document.documentElement.dataset.theme = "light"));
}

async function checkWidth(page) {
  // Not only the page: a column that scrolls by itself must not hide its text sideways either.
  const wide = await page.evaluate(() => {
    const boxes = [document.documentElement, ...document.querySelectorAll("main, main > *, [role=dialog]")];
    return boxes.filter((box) => box.scrollWidth > box.clientWidth + 1 && getComputedStyle(box).overflowX !== "hidden").map((box) => `${box.tagName}.${box.className}: ${box.scrollWidth} > ${box.clientWidth}`);
  });
  check(wide.length === 0, `wider than the window: ${wide.join("; ")}`);
}

async function checkAccess(page) {
  const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
  const words = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.html.slice(0, 160)} ${node.any[0]?.message ?? node.all[0]?.message ?? ""}`).join("\n    ")}`);
  check(violations.length === 0, `axe found ${violations.length}:\n  ${words.join("\n  ")}`);
}
