import type { FaultSettings } from "./settings";

/** Faults while a command runs: those that happen once are used up. */
export class Faults {
  private readonly dead: Set<string>;
  private readonly failCreate: string[];
  private readonly failHalfway: string[];

  constructor(settings: FaultSettings) {
    this.dead = new Set(settings.dead);
    this.failCreate = [...settings.failCreate];
    this.failHalfway = [...settings.failHalfway];
  }

  /** Whether the cloud of that package answers no call. */
  isDead(cloud: string): boolean {
    return this.dead.has(cloud);
  }

  /** Kills a cloud, or brings it back. */
  setDead(cloud: string, dead: boolean): void {
    if (dead) this.dead.add(cloud);
    else this.dead.delete(cloud);
  }

  /** Makes the next creation of that type fail and leave nothing behind. */
  failNextCreate(type: string): void {
    this.failCreate.push(type);
  }

  /** Makes the next creation of that type fail half-way: the thing exists, and does not work. */
  failNextCreateHalfway(type: string): void {
    this.failHalfway.push(type);
  }

  /** Whether a creation of that type is to fail; each failure that was asked for happens once. */
  takeCreate(type: string): "fail" | "halfway" | undefined {
    if (take(this.failCreate, type)) return "fail";
    return take(this.failHalfway, type) ? "halfway" : undefined;
  }
}

function take(items: string[], item: string): boolean {
  const index = items.indexOf(item);
  if (index >= 0) items.splice(index, 1);
  return index >= 0;
}
