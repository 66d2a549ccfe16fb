/** So many a second on average, and a burst at once. Time comes from outside. */
export class TokenBucket {
  readonly #perSecond: number;
  readonly #burst: number;
  #tokens: number;
  #atMs: number;

  /** `perSecond` and `burst` are positive; `nowMs` of any clock that does not go back. */
  constructor(perSecond: number, burst: number, nowMs: number) {
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#tokens = burst;
    this.#atMs = nowMs;
  }

  /** Takes `cost` tokens if they are there. */
  take(nowMs: number, cost = 1): boolean {
    const elapsedMs = Math.max(0, nowMs - this.#atMs);
    this.#atMs = nowMs;
    this.#tokens = Math.min(this.#burst, this.#tokens + (elapsedMs / 1000) * this.#perSecond);
    if (this.#tokens < cost) return false;
    this.#tokens -= cost;
    return true;
  }
}
