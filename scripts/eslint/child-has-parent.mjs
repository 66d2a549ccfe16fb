import ts from "typescript";
import { isProviderResource } from "./components.mjs";

/**
 * A resource made in components/ has a parent for certain. The type of its options must have a `parent` that may not be left out:
 * `{ parent: this }` and a parameter typed `{ parent: pulumi.Resource }` pass; `pulumi.CustomResourceOptions` alone does not, since
 * its `parent` is optional and a child without one lands beside the component instead of under it.
 */
export default {
  meta: {
    type: "problem",
    schema: [],
    messages: {
      missing:
        "Give this resource a parent: pass `{ parent: this }`, or options whose type says that `parent` is there.",
    },
  },
  create(context) {
    const { esTreeNodeToTSNodeMap, program } = context.sourceCode.parserServices;
    const checker = program.getTypeChecker();
    return {
      NewExpression(node) {
        if (!isProviderResource(node)) return;
        const options = node.arguments[2];
        if (options === undefined || !hasParent(checker, esTreeNodeToTSNodeMap.get(options))) {
          context.report({ node, messageId: "missing" });
        }
      },
    };
  },
};

function hasParent(checker, node) {
  const parent = checker.getTypeAtLocation(node).getProperty("parent");
  return parent !== undefined && (parent.flags & ts.SymbolFlags.Optional) === 0;
}
