import type { Location } from "../resilience/graph";

/** Thrown when the program could not be planned: it threw, lacks something, ended by itself or did not end. */
export class ProgramError extends Error {
  /** Where in the program it happened, as far as its own message tells. */
  readonly location: Location | null;

  /**
   * @param message - what happened, in the program's own words where it has some.
   * @param location - the innermost line of the program that is to be seen in it.
   */
  constructor(message: string, location: Location | null = null) {
    super(message);
    this.name = "ProgramError";
    this.location = location;
  }
}
