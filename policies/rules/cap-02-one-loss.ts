import { outages } from "../outages";
import { Level, type Judged, type Rule, type RuleFinding } from "../rule";
import { hasServingComputes, notDeclared, shortfalls } from "../shortfalls";

/**
 * CAP-02. While all is well, and after the loss of any one cloud, account, geography or region, what already runs carries what steering sends it. Autoscaling is
 * no answer: it starts what is not there, at the moment in which everybody else does the same.
 *
 * Without a declared peak nobody can tell, and a design that nobody can judge does not pass: the peak and what one unit answers are two
 * numbers in the settings.
 */
export const cap02: Rule = {
  id: "CAP-02",
  title: "What already runs carries the peak after any one loss",
  level: Level.Mandatory,
  severity: "critical",
  why: "Failover moves all requests within seconds. If the survivors are sized for their own share, the second half of the outage is their overload. Launches fail on such days: for eight hours in October 2025.",
  outages: [outages.dynamoDb, outages.s3],
  fix: "Raise the running minimum of each pool to what it gets when its largest neighbour is gone, and declare peak and capacity of one unit.",
  references: [
    "https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/static-stability.html",
    "https://aws.amazon.com/builders-library/static-stability-using-availability-zones/",
  ],
  otherTools: ["AWS Resilience Hub estimates it for applications that are deployed; nothing found for programs"],
  subsumedBy: [],
  judge,
};

function judge(judged: Judged): RuleFinding[] | undefined {
  const { design } = judged;
  if (!hasServingComputes(design)) return undefined;
  return [...notDeclared(design), ...shortfalls(judged, ["cloud", "account", "geography", "region", "nothing"])];
}
