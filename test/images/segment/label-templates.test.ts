// The pictures of lead names that labels are compared with, and the font that they were drawn from.
import { describe, expect, it } from "vitest";
import { createText, type DisplayList } from "../../../src/images/display-list.ts";
import { findPieces } from "../../../src/images/segment/find-components.ts";
import { LABEL_TEMPLATES, TEMPLATE_ROWS } from "../../../src/images/segment/label-templates.ts";
import { readInk } from "../../../src/images/segment/read-ink.ts";
import { readLabels } from "../../../src/images/segment/read-labels.ts";
import { pictureOf } from "./render-picture.ts";

/** Every name once in a table of its own weight. */
function tableOf(weight: "regular" | "bold"): DisplayList {
  const names = LABEL_TEMPLATES.filter((one) => one.weight === weight).map(({ label }) => label);
  return {
    widthMm: 120,
    heightMm: 100,
    background: "#ffffff",
    title: "labels",
    items: names.map((name, index) =>
      createText(name, 10 + (index % 4) * 25, 15 + Math.floor(index / 4) * 20, {
        role: "label",
        sizeMm: 3.2,
        weight,
        color: "#16161c",
      }),
    ),
    strips: [],
  };
}

describe("readLabels", () => {
  it.each([
    ["bold", 80],
    ["bold", 100],
    ["bold", 300],
    ["regular", 150],
    ["regular", 300],
  ] as const)("reads every lead name in %s letters at %i dpi", (weight, dpi) => {
    const ink = readInk(pictureOf(tableOf(weight), dpi));
    const labels = readLabels(ink, findPieces(ink).pieces, dpi / 25.4);
    const found = [...labels]
      .sort((a, b) => a.fromY - b.fromY || a.fromX - b.fromX)
      .map(({ label }) => label)
      .sort();
    const wanted = LABEL_TEMPLATES.filter((one) => one.weight === weight)
      .map(({ label }) => label.replace("AV", "aV"))
      .sort();
    expect(found).toEqual(wanted);
  });

  it("has a full picture of every name", () => {
    for (const { columns, shades } of LABEL_TEMPLATES) {
      expect(shades).toMatch(/^[0-9a-f]+$/);
      expect(shades).toHaveLength(columns * TEMPLATE_ROWS);
    }
  });
});
