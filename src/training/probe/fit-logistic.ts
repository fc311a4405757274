// Logistic regression with an L2 penalty for several labels at once: the linear probe.

/** Rows of features, (rows, width), and their labels, (rows, labels), 0 or 1. */
export type LabelledRows = {
  readonly features: Float64Array;
  readonly width: number;
  readonly labels: Float64Array;
  readonly labelCount: number;
};

export type LogisticModel = {
  /** (labels, width) and (labels), for standardised features. */
  readonly weights: Float64Array;
  readonly biases: Float64Array;
  readonly means: Float64Array;
  readonly deviations: Float64Array;
};

/**
 * Minimise mean log loss + penalty / 2 |w|^2, each label by itself, by accelerated gradient descent (Nesterov 1983)
 * on standardised features. Missing features (NaN) count as the mean. The bias is not penalised.
 */
export function fitLogistic(
  { features, width, labels, labelCount }: LabelledRows,
  options: { readonly penalty: number; readonly iterations?: number },
): LogisticModel {
  const rows = features.length / width;
  const { means, deviations } = columnMoments(features, width);
  const x = standardise(features, { means, deviations });
  const rate = 1 / (0.25 * (largestEigenvalue(x, width) + 1) + options.penalty);
  const weights = new Float64Array(labelCount * width);
  const biases = new Float64Array(labelCount);
  for (let label = 0; label < labelCount; label++) {
    const y = Float64Array.from({ length: rows }, (_, row) => labels[row * labelCount + label]!);
    const own = weights.subarray(label * width, (label + 1) * width);
    biases[label] = descend(x, y, own, {
      rate,
      penalty: options.penalty,
      iterations: options.iterations ?? 120,
    });
  }
  return { weights, biases, means, deviations };
}

/** Logits of rows, (rows, labels). */
export function predictLogistic(model: LogisticModel, features: Float64Array): Float64Array {
  const width = model.means.length;
  const labelCount = model.biases.length;
  const x = standardise(features, model);
  const rows = x.length / width;
  const logits = new Float64Array(rows * labelCount);
  for (let row = 0; row < rows; row++) {
    for (let label = 0; label < labelCount; label++) {
      let sum = model.biases[label]!;
      for (let i = 0; i < width; i++) sum += model.weights[label * width + i]! * x[row * width + i]!;
      logits[row * labelCount + label] = sum;
    }
  }
  return logits;
}

type Descent = { readonly rate: number; readonly penalty: number; readonly iterations: number };

/** Fits one label; writes the weights and returns the bias. */
function descend(x: Float64Array, y: Float64Array, weights: Float64Array, descent: Descent): number {
  const { rate, penalty, iterations } = descent;
  const width = weights.length;
  const rows = y.length;
  const ahead = new Float64Array(width);
  const gradient = new Float64Array(width);
  let bias = 0;
  let biasAhead = 0;
  for (let iteration = 1; iteration <= iterations; iteration++) {
    gradient.fill(0);
    let biasGradient = 0;
    for (let row = 0; row < rows; row++) {
      const at = row * width;
      let logit = biasAhead;
      for (let i = 0; i < width; i++) logit += ahead[i]! * x[at + i]!;
      const error = (1 / (1 + Math.exp(-logit)) - y[row]!) / rows;
      biasGradient += error;
      for (let i = 0; i < width; i++) gradient[i]! += error * x[at + i]!;
    }
    const momentum = (iteration - 1) / (iteration + 2);
    for (let i = 0; i < width; i++) {
      const next = ahead[i]! - rate * (gradient[i]! + penalty * ahead[i]!);
      ahead[i] = next + momentum * (next - weights[i]!);
      weights[i] = next;
    }
    const nextBias = biasAhead - rate * biasGradient;
    biasAhead = nextBias + momentum * (nextBias - bias);
    bias = nextBias;
  }
  return bias;
}

function columnMoments(
  features: Float64Array,
  width: number,
): { means: Float64Array; deviations: Float64Array } {
  const means = new Float64Array(width);
  const deviations = new Float64Array(width);
  const rows = features.length / width;
  for (let i = 0; i < width; i++) {
    let [sum, squares, count] = [0, 0, 0];
    for (let row = 0; row < rows; row++) {
      const value = features[row * width + i]!;
      if (Number.isNaN(value)) continue;
      sum += value;
      squares += value * value;
      count++;
    }
    means[i] = count === 0 ? 0 : sum / count;
    deviations[i] = count === 0 ? 1 : Math.sqrt(Math.max(0, squares / count - means[i]! ** 2)) || 1;
  }
  return { means, deviations };
}

function standardise(
  features: Float64Array,
  { means, deviations }: { readonly means: Float64Array; readonly deviations: Float64Array },
): Float64Array {
  const width = means.length;
  return features.map((value, index) => {
    const column = index % width;
    return Number.isNaN(value) ? 0 : (value - means[column]!) / deviations[column]!;
  });
}

/** Of X'X / rows, by power iteration; a little above, so that steps stay short enough. */
function largestEigenvalue(x: Float64Array, width: number): number {
  const rows = x.length / width;
  let vector = new Float64Array(width).fill(1 / Math.sqrt(width));
  let value = 1;
  for (let iteration = 0; iteration < 20; iteration++) {
    const next = new Float64Array(width);
    for (let row = 0; row < rows; row++) {
      let product = 0;
      for (let i = 0; i < width; i++) product += x[row * width + i]! * vector[i]!;
      for (let i = 0; i < width; i++) next[i]! += (product / rows) * x[row * width + i]!;
    }
    value = Math.sqrt(next.reduce((sum, entry) => sum + entry * entry, 0));
    if (value === 0) return 1;
    vector = next.map((entry) => entry / value);
  }
  return 1.05 * value;
}
