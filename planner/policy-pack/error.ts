/** Thrown when a policy pack could not be asked: it cannot be run here, ended by itself, failed or did not answer. */
export class PolicyPackError extends Error {
  /**
   * @param message - what happened, for a person.
   * @param printed - what the pack said itself; empty where it said nothing.
   */
  constructor(message: string, printed = "") {
    super(printed === "" ? message : `${message}\n${printed}`);
    this.name = "PolicyPackError";
  }
}
