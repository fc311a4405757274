// Which unit texts of signal files are voltages, and what they are in mV.

const VOLTAGES: readonly { readonly pattern: RegExp; readonly millivolts: number }[] = [
  { pattern: /^(m|milli)v(olts?)?$/, millivolts: 1 },
  { pattern: /^(u|micro)v(olts?)?$/, millivolts: 1e-3 },
  { pattern: /^(n|nano)v(olts?)?$/, millivolts: 1e-6 },
  { pattern: /^v(olts?)?$/, millivolts: 1e3 },
];

/**
 * Millivolts in one of a unit: 1 for mV, 0.001 for uV (also with a Greek or Latin micro sign), 1000 for V; undefined
 * for what is no voltage. Case does not matter: some headers write `mv` and `MV` for mV.
 */
export function millivoltsPerUnit(unit: string): number | undefined {
  const bare = unit
    .trim()
    .replace(/[\u00B5\u03BC]/g, "u")
    .toLowerCase();
  return VOLTAGES.find(({ pattern }) => pattern.test(bare))?.millivolts;
}
