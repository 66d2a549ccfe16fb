/** The start of a message that the SDK prints for an error: with it the program has failed. */
const errorMark = /^error: \[runtime\] /m;

/**
 * What a process writes, of which the beginning and the end are kept: what is lost is said where it is missing. A program that never stops
 * writing takes no more memory than this.
 */
export class KeptOutput {
  readonly #most: number;
  #beginning = "";
  #end = "";
  #lost = 0;
  #hasLostError = false;

  /** @param most - how much is kept of each, in characters. Defaults to a million. */
  constructor(most = 1_000_000) {
    this.#most = most;
  }

  /** Takes what comes next. */
  add(chunk: string): void {
    const room = this.#most - this.#beginning.length;
    this.#beginning += chunk.slice(0, room);
    this.#end += chunk.slice(Math.max(0, room));
    // Cut in large steps: each cut copies what is kept.
    if (this.#end.length > 2 * this.#most) this.#cut();
  }

  /** All that is kept. An error of the SDK's that was lost still shows. */
  text(): string {
    if (this.#end.length > this.#most) this.#cut();
    if (this.#lost === 0) return this.#beginning + this.#end;
    const note = `\n… ${String(this.#lost)} characters are left out here …\n`;
    const error = this.#hasLostError
      ? "error: [runtime] an error among what is left out of the program's output\n"
      : "";
    return this.#beginning + note + error + this.#end;
  }

  #cut(): void {
    const cut = this.#end.length - this.#most;
    this.#hasLostError ||= errorMark.test(this.#end.slice(0, cut));
    this.#lost += cut;
    this.#end = this.#end.slice(cut);
  }
}
