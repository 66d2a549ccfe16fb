import { shown } from "../../components/sizing/issues";
import { stackFile, stacksWithSettings, type Project } from "./project";
import { SettingsError } from "./settings-error";

/** Which stack is planned. */
export interface StackChoice {
  /** Its name, without organization and project. */
  name: string;
  /** Who it belongs to: what `pulumi.getOrganization()` tells the program. `organization` where nobody says, as in a backend without any. */
  organization: string;
}

/**
 * The stack that a person means: the named one; else `dev` if it has a settings file; else the only one that has.
 *
 * @param named - what the person wrote, if anything: `dev`, `acme/dev` or `acme/shop/dev`.
 */
export function chooseStack(project: Project, named: string | undefined): StackChoice {
  const stacks = stacksWithSettings(project);
  if (named !== undefined) return namedStack(project, named, stacks);
  const [only = "dev", ...others] = stacks;
  if (stacks.includes("dev")) return { name: "dev", organization: "organization" };
  if (others.length === 0) return { name: only, organization: "organization" };
  const fix = "add --stack and one of them";
  throw new SettingsError([{ path: "--stack", expected: `one of ${stacks.join(", ")}`, got: "nothing", fix }]);
}

function namedStack(project: Project, named: string, stacks: string[]): StackChoice {
  const refuse = (expected: string, fix: string): never => {
    throw new SettingsError([{ path: "--stack", expected, got: shown(named), fix }]);
  };
  const parts = named.split("/");
  const name = parts.at(-1) ?? "";
  if (parts.length > 3 || parts.includes("")) {
    return refuse("STACK, ORGANIZATION/STACK or ORGANIZATION/PROJECT/STACK", "name the stack in one of these forms");
  }
  const [organization = "organization"] = parts.length > 1 ? parts : [];
  if (parts.length === 3 && parts[1] !== project.name) {
    return refuse(`a stack of the project ${project.name}`, "name the directory of that project, or another stack");
  }
  if (stacks.length > 0 && !stacks.includes(name)) {
    return refuse(
      `a stack with a settings file: ${stacks.join(", ")}`,
      `choose one of them or write ${stackFile(project, name)}`,
    );
  }
  return { name, organization };
}
