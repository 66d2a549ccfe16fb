import { isComponent } from "./components.mjs";

/**
 * Each export, each property of exported arguments and each output of a component has a documentation comment. Editors show it, and for
 * components it becomes the reference in every language.
 */
export default {
  meta: {
    type: "suggestion",
    schema: [],
    messages: { missing: "Say in a /** comment */ what `{{name}}` is; the first sentence stands alone." },
  },
  create(context) {
    const { sourceCode } = context;
    function isDocumented(node) {
      const comment = sourceCode.getCommentsBefore(node).at(-1);
      return comment?.type === "Block" && comment.value.startsWith("*");
    }
    function check(node, name) {
      if (!isDocumented(node)) context.report({ node, messageId: "missing", data: { name } });
    }
    return {
      // A function with overloads is documented at its first signature.
      ExportNamedDeclaration(node) {
        const { declaration } = node;
        if (declaration === null || declaration === undefined || isFurtherOverload(node)) return;
        check(node, declaration.id?.name ?? declaration.declarations?.[0].id.name ?? "this export");
        if (declaration.type === "TSInterfaceDeclaration" && declaration.id.name.endsWith("Args")) {
          for (const member of declaration.body.body) {
            if (member.type === "TSPropertySignature") check(member, member.key.name ?? member.key.value);
          }
        }
        if (declaration.type === "ClassDeclaration" && isComponent(declaration)) {
          for (const member of declaration.body.body) {
            const isPublicField =
              member.type === "PropertyDefinition" && !member.static && member.accessibility !== "private";
            if (isPublicField) check(member, member.key.name);
          }
        }
      },
    };
  },
};

function isFurtherOverload(node) {
  const siblings = node.parent.body;
  const before = siblings[siblings.indexOf(node) - 1];
  const isFunction = (type) => type === "TSDeclareFunction" || type === "FunctionDeclaration";
  return (
    isFunction(node.declaration.type) &&
    before?.type === "ExportNamedDeclaration" &&
    before.declaration?.type === "TSDeclareFunction" &&
    before.declaration.id?.name === node.declaration.id?.name
  );
}
