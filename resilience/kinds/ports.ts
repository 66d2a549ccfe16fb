/**
 * First and last of the TCP ports at which whoever runs a machine reaches it, and no client of theirs: SSH (22), Remote Desktop (3389),
 * Windows' remote management (5985, 5986), and what the nodes of a cluster say to each other: Kubernetes' own API (6443), etcd (2379, 2380)
 * and the agents (10250 to 10259) (kubernetes.io/docs/reference/networking/ports-and-protocols).
 */
const ADMINISTRATION: readonly (readonly [number, number])[] = [
  [22, 22],
  [2379, 2380],
  [3389, 3389],
  [5985, 5986],
  [6443, 6443],
  [10250, 10259],
];

/**
 * Whether a range of TCP ports holds one at which clients may call: any but those for administration. An API is served at 443, and as
 * well at 8080, 9001 or a node port of Kubernetes; a machine that lets in SSH alone is nobody's origin.
 *
 * @param first - the lowest port of the range, 0 to 65535.
 * @param last - the highest, the same range.
 */
export function holdsClientPort(first: number, last: number): boolean {
  for (let port = first; port <= last;) {
    const own = ADMINISTRATION.find(([from, to]) => from <= port && port <= to);
    if (own === undefined) return true;
    port = own[1] + 1;
  }
  return false;
}
