// Turns a WFDB record into the suite's noun: voltage channels in mV, canonical names and order.
import {
  DERIVED_LIMB_LEADS,
  type DerivedLimbLead,
  deriveLimbLeads,
  INDEPENDENT_LEADS,
} from "../../record/derive-leads.ts";
import type { EcgRecord, Patient, RecordIdentity } from "../../record/ecg-record.ts";
import { createLeadMatrix, leadSamples } from "../../record/lead-matrix.ts";
import { canonicalLead, leadName, STANDARD_LEADS, type StandardLead } from "../../record/lead-names.ts";
import type { SourceLabel, Statement, StatementKey } from "../../record/statement.ts";
import { EcgError } from "../../shared/errors.ts";
import { millivoltsPerUnit } from "./millivolts-per-unit.ts";
import type { WfdbChannel, WfdbRecord } from "./wfdb-record.ts";

/** What the caller knows of a recording beyond its WFDB files. */
export type EcgRecordInfo = {
  readonly id: string;
  /** Reader's name for the provenance; `wfdb` by default. */
  readonly format?: string;
  readonly path: string;
  readonly patient?: Patient;
  /** Overrules the header's base date and time. */
  readonly acquiredAt?: string;
  readonly statements?: readonly Statement[];
  readonly sourceLabels?: readonly SourceLabel[];
  readonly labelScope?: readonly StatementKey[];
  readonly reportText?: string;
  readonly identity: RecordIdentity;
  /** `canonical` (default): the standard leads first, in canonical order. `file`: the order of the file. */
  readonly leadOrder?: "canonical" | "file";
};

/** A lead on its way into the matrix: its name in the record and its samples, to be multiplied by `scale`. */
type Lead = { readonly name: string; readonly samples: Float64Array; readonly scale: number };

/**
 * The voltage channels of a WFDB record as an {@link EcgRecord} in mV (float32).
 *
 * Standard leads get their canonical names and come first, in canonical order; other voltage channels (Frank
 * leads, EEG) keep their names and follow in file order. Where the file holds I, II and V1 to V6, missing limb
 * leads are derived and added. Of two channels that mean one lead the first has its name. A record that was read
 * with `leads` has those leads in that order. Channels in other units are named in `provenance.leftOut`.
 * @throws EcgError INVALID_SIGNAL when no channel is a voltage, INVALID_OPTION when a lead asked for is none.
 */
export function toEcgRecord(wfdb: WfdbRecord, info: EcgRecordInfo): EcgRecord {
  const { voltages, others } = splitChannels(wfdb, info.path);
  const named = nameLeads(voltages);
  const leads = wfdb.requestedLeads
    ? pickLeads(named, wfdb.requestedLeads, info.path)
    : orderLeads([...named, ...missingLimbLeads(named)], info.leadOrder ?? "canonical");
  const signal = createLeadMatrix(leads.length, wfdb.sampleCount, 0);
  for (const [row, lead] of leads.entries()) leadSamples(signal, row).set(inMillivolts(lead));
  const leftOut = [
    ...wfdb.leftOut,
    ...others.map((channel) => `${channel.name}: in ${channel.unit || "no unit"}, not a voltage`),
  ];
  const acquiredAt = info.acquiredAt ?? wfdb.acquiredAt;
  return {
    id: info.id,
    samplingRateHz: wfdb.samplingRateHz,
    leads: leads.map((lead) => lead.name),
    signal,
    patient: info.patient ?? {},
    ...(acquiredAt === undefined ? {} : { acquiredAt }),
    statements: info.statements ?? [],
    sourceLabels: info.sourceLabels ?? [],
    labelScope: info.labelScope ?? [],
    ...(info.reportText === undefined ? {} : { reportText: info.reportText }),
    identity: info.identity,
    provenance: {
      format: info.format ?? "wfdb",
      path: info.path,
      sha256: wfdb.sha256,
      ...(wfdb.window === undefined ? {} : { window: wfdb.window }),
      ...(leftOut.length === 0 ? {} : { leftOut }),
    },
  };
}

function splitChannels(
  wfdb: WfdbRecord,
  where: string,
): { voltages: readonly WfdbChannel[]; others: readonly WfdbChannel[] } {
  const isVoltage = (channel: WfdbChannel): boolean => millivoltsPerUnit(channel.unit) !== undefined;
  const voltages = wfdb.channels.filter(isVoltage);
  const others = wfdb.channels.filter((channel) => !isVoltage(channel));
  if (voltages.length > 0) return { voltages, others };
  const found = others.map(({ name, unit }) => `${name} in ${unit || "no unit"}`).join(", ");
  throw new EcgError(
    "INVALID_SIGNAL",
    `${where}: expected a channel in mV, uV or V, found ${found || "none"}`,
    {
      hint: "the record holds no ECG, or its header names no unit",
      details: { units: others.map((channel) => channel.unit) },
    },
  );
}

/** Each name once: the first channel of a lead has its canonical name, a later one its own or a number. */
function nameLeads(channels: readonly WfdbChannel[]): Lead[] {
  const taken = new Set<string>();
  return channels.map((channel) => {
    let name = leadName(channel.name);
    if (taken.has(name)) name = channel.name;
    for (let copy = 2; taken.has(name); copy++) name = `${channel.name} (${copy})`;
    taken.add(name);
    return { name, samples: channel.samples, scale: millivoltsPerUnit(channel.unit) ?? Number.NaN };
  });
}

/** The limb leads that an eight-lead file leaves out; none unless all eight independent leads are there. */
function missingLimbLeads(leads: readonly Lead[]): Lead[] {
  const names = new Set(leads.map((lead) => lead.name));
  if (!INDEPENDENT_LEADS.every((lead) => names.has(lead))) return [];
  return deriveLeads(
    leads,
    DERIVED_LIMB_LEADS.filter((lead) => !names.has(lead)),
  );
}

function deriveLeads(leads: readonly Lead[], wanted: readonly DerivedLimbLead[]): Lead[] {
  const one = leads.find((lead) => lead.name === "I");
  const two = leads.find((lead) => lead.name === "II");
  if (!one || !two || wanted.length === 0) return [];
  const derived = deriveLimbLeads(inMillivolts(one), inMillivolts(two));
  return wanted.map((name) => ({ name, samples: derived[name], scale: 1 }));
}

function orderLeads(leads: readonly Lead[], order: "canonical" | "file"): readonly Lead[] {
  if (order === "file") return leads;
  const rank = (lead: Lead): number => {
    const index = STANDARD_LEADS.indexOf(lead.name as StandardLead);
    return index < 0 ? STANDARD_LEADS.length : index;
  };
  return [...leads].sort((a, b) => rank(a) - rank(b));
}

function pickLeads(leads: readonly Lead[], wanted: readonly string[], where: string): Lead[] {
  return wanted.map((request) => {
    const name = leadName(request);
    const found =
      leads.find((lead) => lead.name === request) ??
      leads.find((lead) => lead.name === name) ??
      leads.find((lead) => lead.name.toLowerCase() === request.toLowerCase());
    const derivable = DERIVED_LIMB_LEADS.find((lead) => lead === canonicalLead(request));
    const [lead] = found ? [found] : derivable ? deriveLeads(leads, [derivable]) : [];
    if (lead) return lead;
    const names = leads.map((other) => other.name).join(", ");
    throw new EcgError("INVALID_OPTION", `${where}: expected voltage leads among ${names}, got ${request}`);
  });
}

function inMillivolts(lead: Lead): Float64Array {
  return lead.scale === 1 ? lead.samples : lead.samples.map((value) => value * lead.scale);
}
