// Memory for time: what gradients read of cheap operations is computed again there, not held since the forward pass.
import type { GraphNode } from "./graph.ts";

/** Operations that take less time than a step would notice. The same operation on the same numbers gives the same bits. */
const CHEAP = new Set(["Gelu", "LayerNormalization", "Reshape"]);
const RECOMPUTED = "again:";

/**
 * Nodes with the same results, in which the backward pass reads fewer values of the forward pass.
 *
 * A value is computed again when its operation is cheap and everything that the operation reads is held for the
 * backward pass anyway. The engine must not merge the copies again (common subexpressions).
 * @param nodes In an order in which they can run, the forward pass first.
 * @param forward Values that the forward pass computes.
 * @param kept Values that are outputs: they are held whatever happens.
 */
export function recomputeCheap(
  nodes: readonly GraphNode[],
  forward: ReadonlySet<string>,
  kept: ReadonlySet<string>,
): GraphNode[] {
  // Outputs have names of their own, so the last forward value that kept its name marks the end of the pass.
  const end = nodes.findLastIndex((node) => node.outputs.some((value) => forward.has(value))) + 1;
  const backward = nodes.slice(end);
  const producers = new Map(
    nodes.slice(0, end).flatMap((node) => node.outputs.map((value) => [value, node] as const)),
  );
  const read = new Set(backward.flatMap((node) => node.inputs));
  const again = new Map<string, GraphNode[]>();
  /** The nodes that compute a value again, or undefined where that would hold other values longer. */
  const plan = (value: string): GraphNode[] | undefined => {
    const producer = producers.get(value);
    if (!producer || kept.has(value) || producer.outputs[0] !== value || !CHEAP.has(producer.opType))
      return undefined;
    const known = again.get(value);
    if (known) return known;
    const before: GraphNode[] = [];
    for (const input of producer.inputs) {
      const earlier = plan(input);
      if (earlier) before.push(...earlier);
      else if (producers.has(input) && !read.has(input)) return undefined;
    }
    const copies = new Set(before.flatMap(({ outputs }) => outputs));
    const inputs = producer.inputs.map((input) =>
      copies.has(RECOMPUTED + input) ? RECOMPUTED + input : input,
    );
    const made = [...before, { ...producer, inputs, outputs: [RECOMPUTED + value] }];
    again.set(value, made);
    return made;
  };
  const isWorthwhile = (made: readonly GraphNode[]): boolean =>
    made.some(({ opType }) => opType !== "Reshape");
  const placed = new Set<string>();
  const out: GraphNode[] = nodes.slice(0, end);
  for (const node of backward) {
    const inputs = node.inputs.map((input) => {
      const made = plan(input);
      if (!made || !isWorthwhile(made)) return input;
      for (const copy of made) {
        if (placed.has(copy.outputs[0]!)) continue;
        placed.add(copy.outputs[0]!);
        out.push(copy);
      }
      return RECOMPUTED + input;
    });
    out.push({ ...node, inputs });
  }
  return out;
}
