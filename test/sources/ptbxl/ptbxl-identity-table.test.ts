// Who a PTB-XL recording is: which table wins, and what happens without one.
import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { diskFileStore } from "../../../src/shared/disk-file-store.ts";
import { createMemoryFileStore } from "../../../src/shared/memory-file-store.ts";
import {
  loadPtbxlIdentities,
  NO_PTBXL_IDENTITIES,
  placesOfTables,
  ptbxlIdentity,
} from "../../../src/sources/ptbxl/ptbxl-identity-table.ts";

const DATA = "../shared/data/ptb-xl";

const store = createMemoryFileStore({
  "dev/labels_all_dev.csv": "ecg_id,patient_id,strat_fold,form\n1,100,3,\n2,200,10,LVOLT\n",
  "ptb/ptbxl_database.csv": 'ecg_id,report,patient_id,strat_fold\n1,"two\nlines",111.0,4\n',
  "shards/labels.csv": "file,row,ecg_id,patient_id,strat_fold\na.npy,0,3,300,9\n",
  "other/labels.csv": "name,label\nx,1\n",
  "bad/labels_all_dev.csv": "ecg_id,patient_id,strat_fold\n1,100,11\n",
  "worse/labels_all_dev.csv": "ecg_id,patient_id,strat_fold\n1,,3\n",
});

describe("loadPtbxlIdentities", () => {
  it("gathers all tables; the data set's own wins over derived ones", async () => {
    const identities = await loadPtbxlIdentities(store, ["dev", "ptb", "shards", "other", "nowhere"]);
    expect(identities.tables).toEqual([
      "ptb/ptbxl_database.csv",
      "dev/labels_all_dev.csv",
      "shards/labels.csv",
    ]);
    expect(identities.size).toBe(3);
    expect(identities.find(1)).toEqual({ patientId: 111, fold: 4 });
    expect(identities.find(2)).toEqual({ patientId: 200, fold: 10 });
    expect(identities.find(3)).toEqual({ patientId: 300, fold: 9 });
    expect(identities.find(4)).toBeUndefined();
  });

  it("says what is wrong with a table", async () => {
    await expect(loadPtbxlIdentities(store, ["bad"])).rejects.toThrowError(
      /bad\/labels_all_dev\.csv line 2, strat_fold: expected 1 to 10, found 11/,
    );
    await expect(loadPtbxlIdentities(store, ["worse/labels_all_dev.csv"])).rejects.toThrowError(
      /line 2, patient_id: expected a whole number, found ""/,
    );
  });

  it.skipIf(!existsSync(DATA))(
    "knows the 17,858 recordings of the shared tables, folds patient-disjoint",
    async () => {
      const identities = await loadPtbxlIdentities(diskFileStore, [DATA]);
      expect(identities.tables).toHaveLength(2);
      expect(identities.size).toBeGreaterThanOrEqual(17858);
      expect(identities.find(1)).toEqual({ patientId: 15709, fold: 3 });
      expect(identities.find(21837)).toEqual({ patientId: 11744, fold: 9 });
      const foldOfPatient = new Map<number, number>();
      for (let ecgId = 1; ecgId <= 21837; ecgId++) {
        const known = identities.find(ecgId);
        if (!known) continue;
        expect(foldOfPatient.get(known.patientId) ?? known.fold).toBe(known.fold);
        foldOfPatient.set(known.patientId, known.fold);
      }
    },
  );
});

describe("ptbxlIdentity", () => {
  it("namespaces recording and patient", () => {
    expect(ptbxlIdentity(44, { patientId: 15709, fold: 3 })).toEqual({
      recordingId: "ptbxl:44",
      patientId: "ptbxl:15709",
      patientKnown: true,
      fold: 3,
    });
  });

  it("makes up a patient that no patient id can equal", () => {
    expect(ptbxlIdentity(44, NO_PTBXL_IDENTITIES.find(44))).toEqual({
      recordingId: "ptbxl:44",
      patientId: "ptbxl:ecg-44",
      patientKnown: false,
    });
  });
});

describe("placesOfTables", () => {
  it("looks in the folder and beside it", () => {
    expect(placesOfTables("data/challenge/")).toEqual(["data/challenge", "data/ptb-xl", "data/ptbxl"]);
    expect(placesOfTables("challenge")).toEqual(["challenge", "ptb-xl", "ptbxl"]);
    expect(placesOfTables(".")).toEqual([".", "./../ptb-xl", "./../ptbxl"]);
    expect(placesOfTables("../..")).toEqual(["../..", "../../../ptb-xl", "../../../ptbxl"]);
  });
});
