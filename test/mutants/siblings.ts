/** Regions of one cloud in both designs: where a thing of one region can be mistaken for that of the other. */

/** The region that stands for another one of its cloud. */
export const SIBLINGS: readonly (readonly [string, string])[] = [
  ["us-east-2", "us-west-2"],
  ["us-west-2", "us-east-2"],
  ["us-central1", "us-east4"],
  ["us-east4", "us-central1"],
];

/** A text with its region's name replaced by the sibling's; nothing where it names none. */
export function inSibling(text: string): string | undefined {
  const pair = SIBLINGS.find(([region]) => text.includes(region));
  return pair === undefined ? undefined : text.replaceAll(pair[0], pair[1]);
}
