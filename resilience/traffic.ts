import type { DeclaredCapacity } from "./declared";
import { valueOr } from "./fact";
import type { Door } from "./model";

/**
 * The share (0 to 1) of a door's requests that each pool gets while exactly these pools work, in the door's order. Shares add up to 1
 * where the steering decides them; otherwise each is the most that the pool may get, so that nothing is called enough by luck.
 */
export function sharesOf(
  door: Door,
  working: readonly string[],
  capacity: DeclaredCapacity | undefined,
): Map<string, number> {
  const steering = valueOr(door.steering, "");
  if (working.length <= 1) return new Map(working.map((id) => [id, 1]));
  if (steering === "off" && door.isOrdered) return new Map(working.map((id, place) => [id, place === 0 ? 1 : 0]));
  if (steering === "random" && door.weights.known) {
    const { value } = door.weights;
    const weights = working.map((id): [string, number] => [id, Object.hasOwn(value, id) ? (value[id] ?? 1) : 1]);
    const sum = weights.reduce((total, [, weight]) => total + weight, 0);
    return new Map(weights.map(([id, weight]) => [id, sum === 0 ? 0 : weight / sum]));
  }
  // `off` in an unknown order gives everything to one of them, and it may be any.
  const most = steering === "off" ? 1 : (capacity?.worstSharePercent ?? 100) / 100;
  return new Map(working.map((id) => [id, most]));
}
