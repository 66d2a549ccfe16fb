// A program of ECMAScript modules: its SDK is loaded by another way than a CommonJS program's. `test/planner/references.test.ts` knows it.
import * as pulumi from "@pulumi/pulumi";

const make = (name, props) => new pulumi.CustomResource("test:index:Thing", name, props);
const [a, b] = ["a", "b"].map((name) => make(name, {}));
make("listed", { ids: [b.id, a.id] });
