import { outages } from "../outages";
import { Level, type Judged, type Rule, type RuleFinding } from "../rule";
import { hasServingComputes, notDeclared, shortfalls } from "../shortfalls";

/**
 * CAP-03. CAP-02 for the zones of a region: with one of z zones lost, the whole units that stay in the others carry the region's share. Units are
 * whole and zones are not filled evenly: of 4 units in 3 zones the fullest holds 2.
 */
export const cap03: Rule = {
  id: "CAP-03",
  title: "What already runs carries a region's share after the loss of a zone",
  level: Level.Advisory,
  severity: "medium",
  why: "The loss of a zone moves nobody to another region: health checks still pass. What is left of the region gets all of its requests, and slows down for all of its clients.",
  outages: [outages.coinbase, outages.tokyoCooling],
  fix: "Let z / (z - 1) times the units run that a region's share calls for: half as many again with three zones, twice as many with two.",
  references: ["https://aws.amazon.com/builders-library/static-stability-using-availability-zones/"],
  otherTools: ["Nothing found"],
  subsumedBy: [],
  judge,
};

function judge(judged: Judged): RuleFinding[] | undefined {
  const { design } = judged;
  if (!hasServingComputes(design)) return undefined;
  return [...notDeclared(design), ...shortfalls(judged, ["zone"])];
}
