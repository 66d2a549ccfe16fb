import * as dagre from "@dagrejs/dagre";

/** A thing to be laid out: its size, and after that the middle of where it stands. */
export interface Node {
  width: number;
  height: number;
  x?: number;
  y?: number;
}

/** A line to be laid out: after that the points that it goes through. */
export interface Edge {
  /** How much it pulls its ends together. Defaults to 1. */
  weight?: number;
  points?: { x: number; y: number }[];
}

/** A graph that dagre lays out in layers, as far as it is used here. */
export interface LayeredGraph {
  setGraph: (label: { rankdir: string; nodesep: number; ranksep: number; edgesep: number }) => void;
  setNode: (id: string, node: Node) => void;
  setEdge: (from: string, to: string, edge: Edge) => void;
  setParent: (child: string, parent: string) => void;
  node: (id: string) => Node;
  edge: (from: string, to: string) => Edge;
}

/**
 * Dagre under types of ours: its own declarations import without extensions inside a package of type `module`, which `nodenext` does not
 * resolve, so that the compiler silently takes everything of it for `any`.
 */
const library: { Graph: new (options: { compound: boolean }) => LayeredGraph; layout: (graph: LayeredGraph) => void } =
  dagre;

/** An empty graph from left to right. */
export function newGraph(isCompound: boolean): LayeredGraph {
  const graph = new library.Graph({ compound: isCompound });
  graph.setGraph({ rankdir: "LR", nodesep: isCompound ? 8 : 12, ranksep: isCompound ? 56 : 36, edgesep: 6 });
  return graph;
}

/** Gives every node and edge of the graph its place. */
export function layOut(graph: LayeredGraph): void {
  library.layout(graph);
}
