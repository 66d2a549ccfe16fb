import { accountOfArn, regionOfArn } from "../../../arns";
import { known, unknown, valueOr, type Fact, type Unknown } from "../../../fact";
import type { Resource } from "../../../graph";
import type { BackupCopy, Surroundings } from "../../../model";
import { count, property, text, texts } from "../../../reader";
import { isObject, own, type Json } from "../../../values";
import { oncePerGraph, push } from "../../once";
import { pointed } from "../pointers";
import { BACKUP_PLAN, BACKUP_SELECTION, BACKUP_VAULTS } from "../types";

/** What AWS Backup takes, by the URN of what is named; and selections that go by patterns or tags. */
interface Selections {
  named: ReadonlyMap<string, Resource[]>;
  broad: readonly Resource[];
}

const selections = oncePerGraph((index): Selections => {
  const named = new Map<string, Resource[]>();
  const broad: Resource[] = [];
  for (const selection of index.ofType(BACKUP_SELECTION)) {
    const { resources, outside, missing } = pointed(index, selection, "resources", []);
    for (const { urn } of resources) push(named, urn, selection);
    const tags = count(selection, "selectionTags");
    const isBroad = outside.some((pattern) => pattern.includes("*")) || !tags.known || tags.value > 0;
    if (isBroad || missing !== undefined) broad.push(selection);
  }
  return { named, broad };
});

/** Where AWS Backup puts copies of a store: the vaults of the plans that select it, and those that they copy to. */
export function backupsByPlan(store: Resource, around: Surroundings): Fact<BackupCopy[]> {
  const { index, placeOf } = around;
  const { named, broad } = selections(index);
  const here = valueOr(placeOf(store).region, undefined);
  const copies: BackupCopy[] = [];
  for (const selection of named.get(store.urn) ?? []) copies.push(...copiesOf(selection, around));
  for (const selection of broad) {
    if (valueOr(placeOf(selection).region, undefined) !== here) continue;
    const selects = selectsStore(selection, store);
    if (!selects.known) return selects;
    if (selects.value) copies.push(...copiesOf(selection, around));
  }
  return known(copies);
}

/** Services as ARNs spell them, where the provider's module has another name. */
const SERVICES: Record<string, string> = { efs: "elasticfilesystem", docdb: "rds", neptune: "rds" };

function selectsStore(selection: Resource, store: Resource): Fact<boolean> {
  const patterns = texts(selection, "resources");
  if (!patterns.known) return patterns;
  const module_ = store.type.split(":")[1]?.split("/")[0] ?? "";
  const service = SERVICES[module_] ?? module_;
  for (const pattern of patterns.value) {
    if (!pattern.known) continue;
    const [, , of, , , ...rest] = pattern.value.split(":");
    const isWhole = pattern.value === "*" || (of === service && rest.join(":").endsWith("*"));
    if (isWhole) return known(true);
  }
  return selectsByTag(selection, store);
}

function selectsByTag(selection: Resource, store: Resource): Fact<boolean> {
  const length = count(selection, "selectionTags");
  if (!length.known) return length;
  let missing: Unknown | undefined;
  for (let place = 0; place < length.value; place += 1) {
    const path = `selectionTags[${String(place)}]`;
    const key = text(selection, `${path}.key`);
    const value = text(selection, `${path}.value`);
    if (!key.known) missing ??= key;
    else if (!value.known) missing ??= value;
    else {
      const tag = tagNamed(store, key.value ?? "");
      if (!tag.known) missing ??= tag;
      else if (tag.value !== undefined && tag.value === value.value) return known(true);
    }
  }
  return missing ?? known(false);
}

function tagNamed(store: Resource, key: string): Fact<Json | undefined> {
  for (const path of ["tags", "tagsAll"]) {
    const tags = property(store, path);
    if (!tags.known) {
      if (path === "tags") return tags;
      continue;
    }
    const value = isObject(tags.value) ? own(tags.value, key) : undefined;
    if (value !== undefined) return known(value);
  }
  return known(undefined);
}

function copiesOf(selection: Resource, around: Surroundings): BackupCopy[] {
  return pointed(around.index, selection, "planId", [BACKUP_PLAN]).resources.flatMap((plan) => {
    const rules = count(plan, "rules");
    return Array.from({ length: valueOr(rules, 0) }, (_, place) => {
      const rule = `rules[${String(place)}]`;
      const actions = valueOr(count(plan, `${rule}.copyActions`), 0);
      const own_: BackupCopy = {
        cloud: "aws",
        region: around.placeOf(plan).region,
        account: around.placeOf(plan).account,
      };
      return [
        own_,
        ...Array.from({ length: actions }, (__, action) =>
          vaultAt(plan, `${rule}.copyActions[${String(action)}].destinationVaultArn`, around),
        ),
      ];
    }).flat();
  });
}

function vaultAt(plan: Resource, path: string, { index, placeOf }: Surroundings): BackupCopy {
  const { resources, outside, missing } = pointed(index, plan, path, BACKUP_VAULTS);
  const [vault, ...others] = resources;
  if (vault !== undefined && others.length > 0) {
    const either = unknown(plan.urn, path, "may be any of several vaults");
    return { cloud: "aws", region: either, account: either };
  }
  if (vault !== undefined) return { cloud: "aws", region: placeOf(vault).region, account: placeOf(vault).account };
  const arn = outside[0] ?? "";
  const why = missing ?? unknown(plan.urn, path, "is no ARN of a vault");
  const region = regionOfArn(arn);
  const account = accountOfArn(arn);
  return {
    cloud: "aws",
    region: region === undefined ? why : known(region),
    account: account === undefined ? why : known(account),
  };
}
