// SNOMED CT codes with at least 20 records in a Challenge 2021 source, by the Challenge's own counts.

/** What the annotators of each source demonstrably labelled; the base of its label scope. */
export const CHALLENGE_SCOPE_CODES: Readonly<
  Record<"cpsc-extra" | "georgia" | "chapman" | "ningbo" | "ptbxl", readonly string[]>
> = {
  "cpsc-extra": [
    "164889003", // atrial fibrillation
    "164890007", // atrial flutter
    "426627000", // bradycardia
    "713427006", // complete right bundle branch block
    "270492004", // 1st degree av block
    "713426002", // incomplete right bundle branch block
    "164909002", // left bundle branch block
    "284470004", // premature atrial contraction
    "427172004", // premature ventricular contractions
    "426177001", // sinus bradycardia
    "427084000", // sinus tachycardia
    "63593006", // supraventricular premature beats
    "164934002", // t wave abnormal
    "54329005", // anterior myocardial infarction
    "195080001", // atrial fibrillation and flutter
    "27885002", // complete heart block
    "413844008", // chronic myocardial ischemia
    "195042002", // 2nd degree av block
    "251120003", // incomplete left bundle branch block
    "446813000", // left atrial hypertrophy
    "164873001", // left ventricular hypertrophy
    "164865005", // myocardial infarction
    "164861001", // myocardial ischemia
    "428750005", // nonspecific st t abnormality
    "164867002", // old myocardial infarction
    "89792004", // right ventricular hypertrophy
    "429622005", // st depression
    "164931005", // st elevation
    "164930006", // st interval abnormal
  ],
  georgia: [
    "164889003", // atrial fibrillation
    "164890007", // atrial flutter
    "6374002", // bundle branch block
    "713427006", // complete right bundle branch block
    "270492004", // 1st degree av block
    "713426002", // incomplete right bundle branch block
    "39732003", // left axis deviation
    "445118002", // left anterior fascicular block
    "164909002", // left bundle branch block
    "251146004", // low qrs voltages
    "698252002", // nonspecific intraventricular conduction disorder
    "426783006", // sinus rhythm
    "284470004", // premature atrial contraction
    "111975006", // prolonged qt interval
    "164917005", // qwave abnormal
    "47665007", // right axis deviation
    "59118001", // right bundle branch block
    "427393009", // sinus arrhythmia
    "426177001", // sinus bradycardia
    "427084000", // sinus tachycardia
    "164934002", // t wave abnormal
    "59931005", // t wave inversion
    "17338001", // ventricular premature beats
    "426434006", // anterior ischemia
    "195126007", // atrial hypertrophy
    "251268003", // atrial pacing pattern
    "713422000", // atrial tachycardia
    "233917008", // av block
    "428417006", // early repolarization
    "195042002", // 2nd degree av block
    "425419005", // inferior ischaemia
    "251120003", // incomplete left bundle branch block
    "253352002", // left atrial abnormality
    "67741000119109", // left atrial enlargement
    "425623009", // lateral ischaemia
    "445211001", // left posterior fascicular block
    "164873001", // left ventricular hypertrophy
    "428750005", // nonspecific st t abnormality
    "89792004", // right ventricular hypertrophy
    "429622005", // st depression
    "164931005", // st elevation
    "164930006", // st interval abnormal
    "426761007", // supraventricular tachycardia
    "164884008", // ventricular ectopics
    "266249003", // ventricular hypertrophy
    "251266004", // ventricular pacing pattern
  ],
  chapman: [
    "164889003", // atrial fibrillation
    "164890007", // atrial flutter
    "270492004", // 1st degree av block
    "39732003", // left axis deviation
    "164909002", // left bundle branch block
    "251146004", // low qrs voltages
    "698252002", // nonspecific intraventricular conduction disorder
    "426783006", // sinus rhythm
    "284470004", // premature atrial contraction
    "111975006", // prolonged qt interval
    "164917005", // qwave abnormal
    "47665007", // right axis deviation
    "59118001", // right bundle branch block
    "426177001", // sinus bradycardia
    "427084000", // sinus tachycardia
    "164934002", // t wave abnormal
    "59931005", // t wave inversion
    "17338001", // ventricular premature beats
    "713422000", // atrial tachycardia
    "233917008", // av block
    "251199005", // countercolockwise rotation
    "251198002", // clockwise rotation
    "428417006", // early repolarization
    "55827005", // left ventricular high voltage
    "164865005", // myocardial infarction
    "428750005", // nonspecific st t abnormality
    "164912004", // p wave change
    "429622005", // st depression
    "164931005", // st elevation
    "426761007", // supraventricular tachycardia
    "164937009", // u wave abnormal
  ],
  ningbo: [
    "164890007", // atrial flutter
    "6374002", // bundle branch block
    "733534002", // complete left bundle branch block
    "713427006", // complete right bundle branch block
    "270492004", // 1st degree av block
    "713426002", // incomplete right bundle branch block
    "39732003", // left axis deviation
    "445118002", // left anterior fascicular block
    "164909002", // left bundle branch block
    "251146004", // low qrs voltages
    "698252002", // nonspecific intraventricular conduction disorder
    "426783006", // sinus rhythm
    "284470004", // premature atrial contraction
    "10370003", // pacing rhythm
    "365413008", // poor R wave Progression
    "427172004", // premature ventricular contractions
    "164947007", // prolonged pr interval
    "111975006", // prolonged qt interval
    "164917005", // qwave abnormal
    "47665007", // right axis deviation
    "59118001", // right bundle branch block
    "427393009", // sinus arrhythmia
    "426177001", // sinus bradycardia
    "427084000", // sinus tachycardia
    "164934002", // t wave abnormal
    "59931005", // t wave inversion
    "57054005", // acute myocardial infarction
    "54329005", // anterior myocardial infarction
    "106068003", // atrial rhythm
    "713422000", // atrial tachycardia
    "233917008", // av block
    "50799005", // atrioventricular dissociation
    "29320008", // atrioventricular junctional rhythm
    "251170000", // blocked premature atrial contraction
    "61721007", // clockwise or counterclockwise vectorcardiographic loop
    "27885002", // complete heart block
    "428417006", // early repolarization
    "13640000", // fusion beats
    "195042002", // 2nd degree av block
    "426995002", // junctional escape
    "426648003", // junctional tachycardia
    "67741000119109", // left atrial enlargement
    "164873001", // left ventricular hypertrophy
    "55827005", // left ventricular high voltage
    "164865005", // myocardial infarction
    "54016002", // mobitz type i wenckebach atrioventricular block
    "251205003", // prolonged P wave
    "425856008", // paroxysmal ventricular tachycardia
    "164912004", // p wave change
    "446358003", // right atrial hypertrophy
    "67751000119106", // right atrial high voltage
    "89792004", // right ventricular hypertrophy
    "5609005", // sinus arrest
    "49578007", // shortened pr interval
    "55930002", // s t changes
    "429622005", // st depression
    "164930006", // st interval abnormal
    "426761007", // supraventricular tachycardia
    "251223006", // tall p wave
    "164937009", // u wave abnormal
    "75532003", // ventricular escape beat
    "81898007", // ventricular escape rhythm
    "164896001", // ventricular fibrillation
    "74390002", // wolff parkinson white pattern
  ],
  // The Challenge's HR copies, not PTB-XL itself.
  ptbxl: [
    "164889003", // atrial fibrillation
    "164890007", // atrial flutter
    "713427006", // complete right bundle branch block
    "270492004", // 1st degree av block
    "713426002", // incomplete right bundle branch block
    "39732003", // left axis deviation
    "445118002", // left anterior fascicular block
    "164909002", // left bundle branch block
    "251146004", // low qrs voltages
    "698252002", // nonspecific intraventricular conduction disorder
    "426783006", // sinus rhythm
    "284470004", // premature atrial contraction
    "10370003", // pacing rhythm
    "164947007", // prolonged pr interval
    "111975006", // prolonged qt interval
    "164917005", // qwave abnormal
    "47665007", // right axis deviation
    "427393009", // sinus arrhythmia
    "426177001", // sinus bradycardia
    "427084000", // sinus tachycardia
    "63593006", // supraventricular premature beats
    "164934002", // t wave abnormal
    "59931005", // t wave inversion
  ],
};
