// Inputs whose parts depend on different resources, in every form that a program can write. `test/planner/references.test.ts` knows each line.
import * as pulumi from "@pulumi/pulumi";

const things: Record<string, Thing> = {};

class Thing extends pulumi.CustomResource {
  constructor(name: string, props: pulumi.Inputs, opts?: pulumi.CustomResourceOptions) {
    super("test:index:Thing", name, props, opts);
    things[name] = this;
  }
}

const a = new Thing("a", {});
const b = new Thing("b", {});

new Thing("plain", { list: ["x", { y: 1 }], none: [], nothing: null, text: "t" });
new Thing("whole", { one: a.id, all: pulumi.all([b.id, a.id]), mixed: pulumi.output({ x: [a.id] }) });
new Thing("listed", { ids: [b.id, "known", a.id, pulumi.interpolate`${a.id}-${b.id}`] });
new Thing("nested", { origins: [{ address: b.id, weight: 1 }], map: { "a.b": a.id, "c-d": { "e f": b.id } } });
new Thing("promised", { ids: Promise.resolve([a.id, Promise.resolve(b.id)]) });
new Thing("whole-resources", { targets: [b, { first: a }] });
new Thing("lacking", {
  list: [pulumi.output(undefined), a.id],
  map: { none: pulumi.output(undefined), some: pulumi.secret(b.id) },
});
new Thing("uploaded", { code: [new pulumi.asset.StringAsset("x"), a.id] });
new Thing("hostile", { map: { constructor: a.id, ["__proto__"]: [b.id] } });

class Group extends pulumi.ComponentResource {
  readonly member: pulumi.Output<string>;

  constructor(name: string) {
    super("test:index:Group", name);
    // A child may name the component that it is part of: nothing may wait for all of a component then, this child among it.
    new Thing(`${name}-child`, { tags: { group: this.urn, a: a.id } }, { parent: this });
    this.member = new Thing(`${name}-member`, {}, { parent: this }).id;
    this.registerOutputs({ member: this.member, secret: pulumi.secret("open sesame"), name });
  }
}

const group = new Group("group");
new Thing("outside", { tags: { group: group.urn, member: group.member } });

const changed = (props: pulumi.Inputs): pulumi.Inputs => ({ ...props, list: ["other"] });
new Thing(
  "transformed",
  { ids: [b.id, a.id], list: [a.id] },
  { transforms: [({ props, opts }) => ({ props: changed(props), opts })] },
);

export const lastThing = things["transformed"]?.id;
