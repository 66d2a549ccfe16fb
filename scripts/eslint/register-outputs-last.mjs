import { isComponent } from "./components.mjs";

/**
 * A component's constructor ends with `this.registerOutputs({ ... })`, whose keys are the class's public fields: without it the
 * engine never learns that the component is complete, and an output that is left out is missing from state.
 */
export default {
  meta: {
    type: "problem",
    schema: [],
    messages: {
      last: "End this constructor with `this.registerOutputs({ ... })`, written as one object.",
      keys: "registerOutputs has {{registered}}, the class declares {{declared}}: make them equal.",
    },
  },
  create(context) {
    return {
      "ClassDeclaration, ClassExpression"(node) {
        if (!isComponent(node)) return;
        const constructor = node.body.body.find((member) => member.kind === "constructor");
        if (constructor === undefined) return;
        const registered = registeredKeys(constructor.value.body?.body.at(-1));
        if (registered === undefined) {
          context.report({ node: constructor, messageId: "last" });
          return;
        }
        const declared = outputFields(node);
        if (registered.join() !== declared.join()) {
          const data = { registered: registered.join(", ") || "nothing", declared: declared.join(", ") || "nothing" };
          context.report({ node: constructor, messageId: "keys", data });
        }
      },
    };
  },
};

function registeredKeys(statement) {
  const call = statement?.type === "ExpressionStatement" ? statement.expression : undefined;
  if (call?.type !== "CallExpression" || call.callee.type !== "MemberExpression") return undefined;
  if (call.callee.object.type !== "ThisExpression" || call.callee.property.name !== "registerOutputs") return undefined;
  const outputs = call.arguments[0];
  if (outputs?.type !== "ObjectExpression" || outputs.properties.some(({ type }) => type !== "Property"))
    return undefined;
  return outputs.properties.map(({ key }) => key.name ?? key.value).sort();
}

function outputFields(classNode) {
  return classNode.body.body
    .filter((member) => member.type === "PropertyDefinition" && !member.static)
    .map((member) => member.key.name)
    .sort();
}
