// The one table of statements: the 71 SCP-ECG statements of PTB-XL and every name of the paper's Table 10.
import type { StatementDefinition } from "./statement-definition.ts";
import { CONDUCTION_STATEMENTS } from "./statements/conduction-statements.ts";
import { HYPERTROPHY_STATEMENTS } from "./statements/hypertrophy-statements.ts";
import { INFARCTION_STATEMENTS } from "./statements/infarction-statements.ts";
import { MISC_STATEMENTS } from "./statements/misc-statements.ts";
import { REPOLARISATION_STATEMENTS } from "./statements/repolarisation-statements.ts";
import { RHYTHM_STATEMENTS } from "./statements/rhythm-statements.ts";
import { WAVEFORM_STATEMENTS } from "./statements/waveform-statements.ts";

/**
 * Every statement that the suite knows, in a stable order (diagnosis, waveform, rhythm, misc).
 *
 * Codes `scp` are the 71 keys of PTB-XL's scp_statements.csv (44 diagnostic, 19 form, 12 rhythm, four of them
 * in two groups); `heartcare` are names of Table 10 without an SCP code and the generic names that the other
 * sources label with (right bundle branch block, poor R wave progression, ...).
 */
export const STATEMENTS: readonly StatementDefinition[] = [
  ...HYPERTROPHY_STATEMENTS,
  ...INFARCTION_STATEMENTS,
  ...REPOLARISATION_STATEMENTS,
  ...CONDUCTION_STATEMENTS,
  ...WAVEFORM_STATEMENTS,
  ...RHYTHM_STATEMENTS,
  ...MISC_STATEMENTS,
];
