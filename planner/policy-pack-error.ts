/** Thrown when a policy pack could not be asked: it cannot be run here, ended by itself, failed or did not answer. */
export class PolicyPackError extends Error {
  /**
   * @param message - what happened, for a person.
   * @param printed - what the pack wrote to standard error; empty where it wrote nothing.
   */
  constructor(
    message: string,
    readonly printed = "",
  ) {
    super(printed === "" ? message : `${message}\n${printed}`);
    this.name = "PolicyPackError";
  }
}
