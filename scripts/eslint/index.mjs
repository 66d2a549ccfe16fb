// The project's own lint rules: what no published rule knows about Pulumi components. Each is planted in test/lint.test.ts.
import childHasParent from "./child-has-parent.mjs";
import exportsAreDocumented from "./exports-are-documented.mjs";
import noLinkInComponentDocs from "./no-link-in-component-docs.mjs";
import registerOutputsLast from "./register-outputs-last.mjs";

export default {
  meta: { name: "twodoor" },
  rules: {
    "child-has-parent": childHasParent,
    "exports-are-documented": exportsAreDocumented,
    "no-link-in-component-docs": noLinkInComponentDocs,
    "register-outputs-last": registerOutputsLast,
  },
};
