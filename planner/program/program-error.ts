import type { Location } from "../../resilience/graph";

/** Thrown when the program could not be planned: it threw, lacks something, ended by itself or did not end. */
export class ProgramError extends Error {
  /** Where in the program it happened, as far as its own message tells. */
  readonly location: Location | null;
  /** How to go on, in one line; `null` where nobody but the program's author can tell. */
  readonly fix: string | null;

  /**
   * @param message - what happened, in the program's own words where it has some.
   * @param location - the innermost line of the program that is to be seen in it.
   * @param fix - how to go on, in one line.
   */
  constructor(message: string, location: Location | null = null, fix: string | null = null) {
    super(message);
    this.name = "ProgramError";
    this.location = location;
    this.fix = fix;
  }
}
