/**
 * Documentation of components and their arguments has no inline `@link`: Pulumi's schema analyser turns a comment that has one
 * into "[object Object]" in every language's SDK. Comments of functions never reach the schema and may link.
 */
export default {
  meta: {
    type: "problem",
    schema: [],
    messages: { link: "Write the name in backticks: an inline link becomes [object Object] in the package's schema." },
  },
  create(context) {
    const { sourceCode } = context;
    function check(node) {
      const holder = node.parent?.type.startsWith("Export") ? node.parent : node;
      for (const comment of sourceCode.getCommentsBefore(holder)) {
        if (comment.type === "Block" && comment.value.includes("{@link")) {
          context.report({ loc: comment.loc, messageId: "link" });
        }
      }
    }
    return {
      ClassDeclaration: check,
      PropertyDefinition: check,
      TSInterfaceDeclaration: check,
      TSPropertySignature: check,
      // Members of const objects that stand for enums: their comments become the enum values' descriptions.
      "ExportNamedDeclaration > VariableDeclaration": check,
      "ExportNamedDeclaration TSAsExpression > ObjectExpression > Property": check,
    };
  },
};
