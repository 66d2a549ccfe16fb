/**
 * What a URN says by itself: `urn:pulumi:STACK::PROJECT::TYPES::NAME`, where `TYPES` are the types of the ancestors and the own one,
 * joined by `$`, and a name may hold anything, `::` too (https://www.pulumi.com/docs/iac/concepts/resources/names/#urns).
 */

/** The type of the resource that stands for the whole stack. */
export const STACK_TYPE = "pulumi:pulumi:Stack";

/** The logical name at the end of a URN; an empty text for what is no URN. */
export function nameOfUrn(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

/** The project and the stack of a URN; empty texts for what is no URN. */
export function stackOfUrn(urn: string): { project: string; stack: string } {
  const [head = "", project = ""] = urn.split("::");
  return { project, stack: head.startsWith(URN_HEAD) ? head.slice(URN_HEAD.length) : "" };
}

/** Whether a text has the shape of a URN. */
export function isUrn(text: string): boolean {
  return text.startsWith(URN_HEAD) && text.split("::").length > 3;
}

/** The URN of a provider reference, which is `<URN>::<id>`. */
export function withoutId(reference: string): string {
  return reference.slice(0, reference.lastIndexOf("::"));
}

const URN_HEAD = "urn:pulumi:";
