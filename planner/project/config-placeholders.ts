import { isSettingMap, type Setting } from "./settings-file";

/** What a placeholder is taken for: a type that Pulumi.yaml declares, or `number`, which a program has asked for. */
export type PlaceholderType = "string" | "integer" | "number" | "boolean" | "array" | "object";

/** A stand-in for a value that nobody can know here. */
export interface Placeholder {
  /** What the program gets. */
  value: Setting;
  /** What of it would show in a resource, so that it can be told from a real value. A boolean cannot. */
  madeUp: (string | number)[];
}

const marker = "twodoor-placeholder-";

/**
 * A number that hardly anybody writes and that is not too large to count to: programs make as many resources. Wherever it shows, it is unknown,
 * also where somebody did write it: less is known then, and nothing wrong.
 */
const madeUpNumber = 19;

/**
 * A value of the given type for a setting.
 *
 * @param path - the setting's full key, and the way to the value inside of it.
 * @param type - `undefined` or anything unknown is a text.
 * @param items - declared type of a list's items.
 */
export function placeholderFor(path: readonly (string | number)[], type?: string, items: Setting = null): Placeholder {
  const text = `${marker}${path.join("-").replace(/[^A-Za-z0-9]+/g, "-")}`;
  if (type === "integer" || type === "number") return { value: BigInt(madeUpNumber), madeUp: [madeUpNumber] };
  if (type === "boolean") return { value: false, madeUp: [] };
  if (type === "object") return { value: {}, madeUp: [] };
  if (type !== "array") return { value: text, madeUp: [text] };
  if (!isSettingMap(items) || items["type"] !== "string") return { value: [], madeUp: [] };
  // Three, since programs spread over that many zones or subnets.
  const texts = [1, 2, 3].map((place) => `${text}-${String(place)}`);
  return { value: texts, madeUp: texts };
}

/** The ciphertext of an encrypted value: `{ secure: v1:… }`. */
export function isEncrypted(value: Setting): boolean {
  return isSettingMap(value) && typeof value["secure"] === "string" && Object.keys(value).length === 1;
}
