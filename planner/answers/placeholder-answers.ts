import { createHash } from "node:crypto";
import type { DataSourceCall } from "./data-source-call";
import type { Declarations } from "./declarations";
import type { DeclaredType } from "./declared-types";
import { isObject, unknownValue, type Json, type JsonObject } from "../../resilience/values";

/** A number that nobody would write. In a plan, it is unknown, also as text. */
const madeUpNumber = 1_907_426_538;

/** How every made-up text begins, in small letters, so that it survives most of what programs do with names. */
export const unansweredMarker = "twodoor-unanswered-";

/** A list of a result has three members, since programs spread over that many zones or subnets; one that is deeper has one. */
const outerMembers = 3;
/** Types that contain themselves end here. */
const deepest = 6;

/**
 * An answer of the right shape for a data source that nobody answered, so that the program can go on. Its fields and their
 * types are those that the program's own SDK declares as always there, down to the fields of nested objects. Texts and numbers are marked, so that whatever is made of them is unknown in the plan. A boolean
 * cannot be marked: it is false. A choice of texts (an enum) is a marked text like any other, since one of the choices would look known.
 *
 * Empty when the SDK does not declare the result in the form of Pulumi's generated SDKs.
 *
 * @param settled - fields that are known: arguments, the provider's region, what is answered otherwise.
 * @param madeUp - receives what was invented.
 */
export function placeholderAnswer(
  call: DataSourceCall,
  settled: JsonObject,
  declarations: Declarations,
  madeUp: Set<string | number>,
): JsonObject {
  const answer: JsonObject = {};
  const maker: Maker = { token: call.token, declarations, madeUp };
  for (const { name, optional, type } of declarations.resultFields(call.token)) {
    const known = Object.hasOwn(settled, name) ? settled[name] : undefined;
    if (known !== undefined && (!optional || Object.hasOwn(call.args, name))) answer[name] = known;
    else if (!optional) answer[name] = madeUpValue(maker, `${prefixOf(call)}-${name}`, type, 0);
  }
  return answer;
}

/** Whether any part of the value is not known. */
export function containsUnknown(value: Json): boolean {
  if (Array.isArray(value)) return value.some(containsUnknown);
  return isObject(value) ? Object.values(value).some(containsUnknown) : value === unknownValue;
}

interface Maker {
  token: string;
  declarations: Declarations;
  madeUp: Set<string | number>;
}

/** Texts of calls with other arguments are others: programs name resources after them. */
function prefixOf({ token, args }: DataSourceCall): string {
  const name = `${unansweredMarker}${token.split(":").at(-1) ?? token}`;
  if (Object.keys(args).length === 0) return name;
  return `${name}-${createHash("sha256").update(JSON.stringify(args)).digest("hex").slice(0, 6)}`;
}

function madeUpValue(maker: Maker, text: string, type: DeclaredType, depth: number): Json {
  const { token, declarations, madeUp } = maker;
  const known = declarations.resolved(token, type);
  switch (known.kind) {
    case "number":
      madeUp.add(madeUpNumber).add(String(madeUpNumber));
      return madeUpNumber;
    case "boolean":
      return false;
    case "map":
      return {};
    case "list": {
      if (depth >= deepest) return [];
      const places = Array.from({ length: depth === 0 ? outerMembers : 1 }, (_, at) => at + 1);
      return places.map((place) => madeUpValue(maker, `${text}-${String(place)}`, known.item, depth + 1));
    }
    case "object":
      if (depth >= deepest) return {};
      return Object.fromEntries(
        known.fields
          .filter(({ optional }) => !optional)
          .map((field): [string, Json] => [
            field.name,
            madeUpValue(maker, `${text}-${field.name}`, field.type, depth + 1),
          ]),
      );
    default:
      madeUp.add(unansweredMarker);
      return text;
  }
}
