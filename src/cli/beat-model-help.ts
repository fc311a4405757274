// Words that every beat command says about --model.

/** Help of the option. */
export const BEAT_MODEL_HELP = "checkpoint folder, or a run of `beat train` (default: the model that ships)";
