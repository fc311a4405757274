// displayListToSvg: well-formed XML in real millimetres that says the same as the display list.
import { describe, expect, it } from "vitest";
import { layoutPage } from "../../src/images/build-page.ts";
import { pageFontBase64 } from "../../src/images/node/page-fonts.ts";
import { displayListToSvg } from "../../src/images/to-svg.ts";
import { leadSamples } from "../../src/record/lead-matrix.ts";
import { buildTestRecord } from "./build-test-record.ts";

type XmlElement = {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly text: string;
};

/** Read XML strictly: balanced tags, quoted unique attributes, no stray markup or unknown entity. */
function parseXml(xml: string): XmlElement[] {
  const elements: XmlElement[] = [];
  const open: string[] = [];
  const token = /<\?[^>]*\?>|<(\/?)([A-Za-z][\w:-]*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/y;
  while (token.lastIndex < xml.length) {
    const at = token.lastIndex;
    const match = token.exec(xml);
    if (match === null) throw new Error(`not well-formed at ${at}: ${xml.slice(at, at + 60)}`);
    const [, closing, name, attributeText, selfClosing, text] = match;
    if (text !== undefined) {
      if (/&(?!(amp|lt|gt|quot|apos|#\d+);)/.test(text)) throw new Error(`stray & in ${text}`);
      const last = elements.at(-1);
      if (last !== undefined && text.trim() !== "")
        elements[elements.length - 1] = { ...last, text: last.text + text };
      else if (text.trim() !== "") throw new Error(`text outside: ${text}`);
    } else if (name !== undefined && closing === "/") {
      if (open.pop() !== name) throw new Error(`</${name}> closes nothing`);
    } else if (name !== undefined) {
      const attributes = new Map<string, string>();
      for (const [, key, value] of attributeText!.matchAll(/([\w:-]+)="([^"]*)"/g)) {
        if (attributes.has(key!)) throw new Error(`${key} stands twice`);
        attributes.set(key!, value!);
      }
      elements.push({ name, attributes, text: "" });
      if (selfClosing !== "/") open.push(name);
    }
  }
  if (open.length > 0) throw new Error(`left open: ${open}`);
  return elements;
}

/** Points of a path of our own writing: M x y, then relative l pairs, or h0 for a dot. */
function pathPoints(d: string): [number, number][][] {
  return d
    .split("M")
    .slice(1)
    .map((part) => {
      const [start, rest = ""] = part.split(/[lh]/);
      const numbers = (text: string): number[] => (text.match(/-?(?:\d+\.?\d*|\.\d+)/g) ?? []).map(Number);
      let [x, y] = numbers(start!) as [number, number];
      const points: [number, number][] = [[x, y]];
      const steps = part.includes("l") ? numbers(rest) : [];
      for (let i = 0; i < steps.length; i += 2) {
        x += steps[i]!;
        y += steps[i + 1]!;
        points.push([x, y]);
      }
      return points;
    });
}

const record = buildTestRecord({ samplingRateHz: 500, seconds: 10, noiseMv: 0.02 });

describe("svg", () => {
  const elements = parseXml(
    displayListToSvg(layoutPage(record, { header: { id: `<a> & "b"\u0001\ud800` } })),
  );
  const byClass = (name: string): XmlElement[] =>
    elements.filter((one) => one.attributes.get("class") === name);

  it("is well-formed, in mm, one unit a mm", () => {
    const svg = elements[0]!;
    expect(svg.name).toBe("svg");
    expect(svg.attributes.get("width")).toBe("297mm");
    expect(svg.attributes.get("height")).toBe("210mm");
    expect(svg.attributes.get("viewBox")).toBe("0 0 297 210");
    expect(svg.attributes.get("aria-label")).toBe("ECG page, 13 strips, 25 mm/s, 10 mm/mV");
  });

  it("escapes text and drops what XML forbids", () => {
    expect(byClass("header").map((one) => one.text)).toEqual(["ID: &lt;a&gt; &amp; &quot;b&quot;\ufffd"]);
  });

  it("has its lines every 1 and 5 mm", () => {
    const lines = (name: string): [number[], number[]] => {
      const d = byClass(name)[0]!.attributes.get("d")!;
      const starts = [...d.matchAll(/M([\d.]+) ([\d.]+)(v|h)/g)];
      const along = (way: string, part: number): number[] =>
        starts.filter((match) => match[3] === way).map((match) => Number(match[part]));
      return [along("v", 1), along("h", 2)];
    };
    const [minorX] = lines("grid-minor");
    const [majorX, majorY] = lines("grid-major");
    expect(majorX).toEqual(Array.from({ length: 58 }, (_, index) => 6 + index * 5));
    expect(majorY).toHaveLength((majorY.at(-1)! - majorY[0]!) / 5 + 1);
    expect(new Set([...minorX, ...majorX])).toEqual(
      new Set(Array.from({ length: 286 }, (_, index) => 6 + index)),
    );
  });

  it("gives every sample back within 0.02 mm", () => {
    const list = layoutPage(record);
    const traces = parseXml(displayListToSvg(list)).filter((one) => one.attributes.get("class") === "trace");
    expect(traces.map((one) => one.attributes.get("data-lead"))).toEqual(
      list.strips.map((strip) => strip.lead),
    );
    for (const [index, strip] of list.strips.entries()) {
      const [points] = pathPoints(traces[index]!.attributes.get("d")!);
      const samples = leadSamples(record.signal, record.leads.indexOf(strip.lead));
      let at = 0;
      let worst = 0;
      for (
        let i = Math.ceil(strip.startSeconds * 500);
        i < (strip.startSeconds + strip.durationSeconds) * 500 - 1;
        i++
      ) {
        const x = strip.box.xMm + (i / 500 - strip.startSeconds) * 25;
        while (points![at + 1]![0] < x) at++;
        const [[x0, y0], [x1, y1]] = [points![at]!, points![at + 1]!];
        const y = y0 + ((x - x0) / (x1 - x0)) * (y1 - y0);
        worst = Math.max(worst, Math.abs(strip.zeroLineMm - y - samples[i]! * 10));
      }
      // 0.01 mm by thinning, 0.005 mm by rounding y, and rounding x on the steepest slope of the noise.
      expect(worst).toBeLessThan(0.12);
    }
  });

  it("carries the font when it is given, and no declaration inline", () => {
    const list = layoutPage(record);
    expect(displayListToSvg(list, { inline: true })).toMatch(/^<svg /);
    const embedded = displayListToSvg(list, { fontBase64: pageFontBase64() });
    expect(embedded.match(/@font-face\{font-family:'Heartcare Sans'/g)).toHaveLength(2);
    expect(embedded.length - displayListToSvg(list).length).toBeLessThan(100_000);
    expect(parseXml(embedded)[0]!.name).toBe("svg");
  });

  it("writes a lone sample as a dot", () => {
    const lone = buildTestRecord({ samplingRateHz: 500, seconds: 10, leads: ["II"] });
    lone.signal.data.fill(Number.NaN);
    lone.signal.data[100] = 0.5;
    const list = layoutPage(lone, { layout: { rows: [["II"]] }, zeroLine: "fixed" });
    const trace = parseXml(displayListToSvg(list)).find((one) => one.attributes.get("class") === "trace")!;
    expect(trace.attributes.get("d")).toBe(`M31 ${list.strips[0]!.zeroLineMm - 5}h0`);
  });
});
