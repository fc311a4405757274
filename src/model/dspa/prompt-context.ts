// promptContext: the text behind `<text>`: who was recorded how, and what was measured on the signals that are shown.

const ORDINALS = ["First", "Second", "Third", "Fourth"];

/**
 * One recording: "12-lead ECG signal, 10 s, 250 Hz. Patient: 65-year-old male. Measured: ...". Of several, each measured text is
 * named after its recording. An empty measured text (an image, nothing found) says nothing.
 */
export function promptContext(context: string, measured: readonly string[]): string {
  const parts = [context];
  for (const [index, text] of measured.entries()) {
    if (text === "") continue;
    parts.push(measured.length > 1 ? `${ORDINALS[index] ?? `Number ${index + 1}`} ECG: ${text}` : text);
  }
  return parts.filter((part) => part !== "").join(" ");
}
