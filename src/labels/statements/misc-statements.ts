// Miscellaneous statements of Table 10: signal quality, extrasystoles, heart axis, infarction stage.
import { own, type StatementDefinition } from "../statement-definition.ts";

const STAGES = { contrast: "infarction-stage", absentOnlyByContrast: true } as const;
const AXIS = { contrast: "axis", absentOnlyByContrast: true } as const;
const NORMAL_AXIS = "heartcare:normal-heart-axis";
const UNKNOWN_STAGE = "heartcare:unknown-stage-of-myocardial-infarction";

export const MISC_STATEMENTS: readonly StatementDefinition[] = [
  own("baseline drift", ["misc"], { synonyms: ["baseline wander", "baseline wandering"] }),
  own("static noise", ["misc"], {
    synonyms: ["power line noise", "mains interference"],
    overlaps: ["heartcare:poor-signal-quality"],
  }),
  own("burst noise", ["misc"], {
    synonyms: ["muscle artifact", "muscle noise"],
    overlaps: ["heartcare:poor-signal-quality"],
  }),
  own("electrodes problems", ["misc"], {
    synonyms: ["electrode problem", "electrode problems", "loose electrode"],
    overlaps: ["heartcare:poor-signal-quality"],
  }),
  own("poor signal quality", ["misc"], {
    synonyms: ["poor data quality", "poor-quality data", "artifact", "noisy recording"],
    aha: ["14", "15"],
    overlaps: ["heartcare:baseline-drift"],
  }),
  own("suspected lead reversal", ["misc"], {
    synonyms: ["suspect arm ECG leads reversed", "lead reversal", "limb lead reversal", "electrode reversal"],
    snomed: ["251139008"],
    aha: ["10", "11"],
    overlaps: ["heartcare:electrodes-problems", "heartcare:right-axis-deviation"],
  }),
  own("extrasystoles", ["misc"], { synonyms: ["extrasystole", "ES"], parents: ["scp:PRC(S)"] }),
  own("ventricular extrasystoles", ["misc"], {
    parents: ["heartcare:extrasystoles"],
    synonyms: ["ventricular extrasystole", "VES"],
  }),
  own("supraventricular extrasystoles", ["misc"], {
    parents: ["heartcare:extrasystoles", "scp:SVARR"],
    synonyms: [
      "supraventricular extrasystole",
      "atrial extrasystole",
      "atrial extrasystoles",
      "supraventricular premature beats",
      "SVES",
    ],
    snomed: ["63593006"],
    aha: ["41"],
  }),
  own("normal heart axis", ["misc"], {
    ...AXIS,
    synonyms: ["normal axis", "normal QRS axis", "electric axis of the heart: normal", "indifferent axis"],
  }),
  own("horizontal heart axis", ["misc"], {
    ...AXIS,
    parents: [NORMAL_AXIS],
    overlaps: ["heartcare:leftward-axis"],
    synonyms: ["horizontal axis", "electric axis of the heart: horizontal"],
  }),
  own("vertical heart axis", ["misc"], {
    ...AXIS,
    parents: [NORMAL_AXIS],
    overlaps: ["heartcare:rightward-axis"],
    synonyms: ["vertical axis", "steep axis", "electric axis of the heart: vertical"],
  }),
  own("leftward axis", ["misc"], {
    ...AXIS,
    overlaps: ["heartcare:left-axis-deviation", NORMAL_AXIS],
    synonyms: ["borderline left axis deviation", "leftward QRS axis"],
  }),
  own("rightward axis", ["misc"], {
    ...AXIS,
    overlaps: ["heartcare:right-axis-deviation", NORMAL_AXIS],
    synonyms: ["borderline right axis deviation", "rightward QRS axis"],
  }),
  own("left axis deviation", ["misc"], {
    ...AXIS,
    synonyms: ["abnormal left axis deviation", "left-axis deviation", "LAD"],
    snomed: ["39732003"],
    aha: ["121"],
  }),
  own("right axis deviation", ["misc"], {
    ...AXIS,
    synonyms: ["abnormal right axis deviation", "right-axis deviation", "RAD"],
    snomed: ["47665007"],
    aha: ["120"],
  }),
  own("extreme axis deviation", ["misc"], {
    ...AXIS,
    overlaps: [
      "heartcare:indeterminate-axis",
      "heartcare:right-axis-deviation",
      "heartcare:left-axis-deviation",
    ],
    synonyms: ["extreme right axis deviation", "northwest axis", "right superior axis"],
    aha: ["122"],
  }),
  own("indeterminate axis", ["misc"], {
    ...AXIS,
    synonyms: ["indeterminate cardiac axis", "sagittal axis", "S1S2S3 pattern"],
    snomed: ["251200008"],
    aha: ["123"],
  }),
  own("rotation of the heart", ["misc"], {
    synonyms: ["clockwise or counterclockwise vectorcardiographic loop"],
    snomed: ["61721007"],
  }),
  own("clockwise rotation", ["misc"], {
    parents: ["heartcare:rotation-of-the-heart"],
    overlaps: ["heartcare:poor-r-wave-progression"],
    snomed: ["251198002"],
  }),
  own("counterclockwise rotation", ["misc"], {
    parents: ["heartcare:rotation-of-the-heart"],
    snomed: ["251199005"],
  }),
  own("early stage of myocardial infarction", ["misc"], {
    ...STAGES,
    overlaps: [UNKNOWN_STAGE],
    synonyms: ["acute stage of myocardial infarction", "stage I of myocardial infarction", "Stadium I"],
  }),
  own("middle stage of myocardial infarction", ["misc"], {
    ...STAGES,
    overlaps: [UNKNOWN_STAGE],
    synonyms: ["subacute stage of myocardial infarction", "stage II of myocardial infarction", "Stadium II"],
  }),
  own("old stage of myocardial infarction", ["misc"], {
    ...STAGES,
    overlaps: [UNKNOWN_STAGE],
    synonyms: [
      "late stage of myocardial infarction",
      "chronic stage of myocardial infarction",
      "stage III of myocardial infarction",
      "Stadium III",
    ],
  }),
  own("unknown stage of myocardial infarction", ["misc"], {
    ...STAGES,
    synonyms: [
      "infarction of undetermined age",
      "myocardial infarction of indeterminate age",
      "age undetermined",
    ],
  }),
];
