// Base time and date of a WFDB record line. Format: header(5), and the spellings of the PhysioNet Challenges.

/** What one field of a record line says; empty when it is neither time nor date. */
export type BaseMoment = {
  /** `hh:mm:ss[.fff]`. */
  readonly time?: string;
  /** ISO `yyyy-mm-dd`. */
  readonly date?: string;
};

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DATES: readonly {
  readonly pattern: RegExp;
  readonly order: readonly [year: number, month: number, day: number];
}[] = [
  { pattern: /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/, order: [3, 2, 1] },
  { pattern: /^(\d{1,2})-([A-Za-z]{3})[a-z]*-(\d{4})$/, order: [3, 2, 1] },
  { pattern: /^(\d{4})-(\d{1,2})-(\d{1,2})$/, order: [1, 2, 3] },
];

/**
 * A time `[[hh:]mm:]ss[.fff]`, a date `dd/mm/yyyy`, `dd-Mon-yyyy` or `yyyy-mm-dd`, or a date and time joined by `T`.
 * Impossible ones (month 13, hour 25) are neither.
 */
export function parseBaseMoment(field: string): BaseMoment {
  const [date = "", time, ...more] = field.split("T");
  if (time !== undefined && more.length === 0) {
    const both = { ...parseDate(date), ...parseTime(time) };
    return both.date !== undefined && both.time !== undefined ? both : {};
  }
  return { ...parseTime(field), ...parseDate(field) };
}

function parseTime(field: string): BaseMoment {
  const match = /^(?:(?:(\d{1,2}):)?(\d{1,2}):)?(\d{1,2})(\.\d+)?$/.exec(field);
  if (!match) return {};
  const [hours, minutes, seconds] = [match[1], match[2], match[3]].map((part) => Number(part ?? 0));
  if ((hours ?? 0) > 24 || (minutes ?? 0) > 59 || (seconds ?? 0) > 60) return {};
  const two = (part: number | undefined): string => String(part ?? 0).padStart(2, "0");
  return { time: `${two(hours)}:${two(minutes)}:${two(seconds)}${match[4] ?? ""}` };
}

function parseDate(field: string): BaseMoment {
  for (const { pattern, order } of DATES) {
    const match = pattern.exec(field);
    if (!match) continue;
    const [year = "", monthText = "", day = ""] = order.map((group) => match[group] ?? "");
    const named = MONTHS.indexOf(monthText.toLowerCase()) + 1;
    const month = named > 0 ? named : Number(monthText);
    if (!(month >= 1 && month <= 12 && Number(day) >= 1 && Number(day) <= 31)) return {};
    return { date: `${year}-${String(month).padStart(2, "0")}-${day.padStart(2, "0")}` };
  }
  return {};
}
