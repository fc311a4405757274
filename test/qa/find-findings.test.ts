import { describe, expect, it } from "vitest";
import { findFindings } from "../../src/qa/find-findings.ts";

describe("findings named in a question", () => {
  it.each([
    ["Has atrial flutter been eliminated in the recent tracing?", ["scp:AFLT"]],
    ["Is ventricular premature complex still not detected in the latest tracing?", ["scp:PVC"]],
    [
      "Verify two findings: complete right bundle branch block; left axis deviation.",
      ["scp:CRBBB", "heartcare:left-axis-deviation"],
    ],
    ["Does it show ischemic ST-T changes in anterolateral leads?", ["scp:ISCAL"]],
    ["Is there a normal functioning artificial pacemaker?", ["scp:PACE"]],
    ["What rhythm does it show?", []],
  ])("%s", (text, keys) => {
    expect(findFindings(text)).toEqual(keys);
  });
});
