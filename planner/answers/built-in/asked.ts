import { createHash } from "node:crypto";
import type { DataSourceCall } from "../data-source-call";
import { unknownValue, type Json, type JsonObject } from "../../../resilience/values";

/** What answers one function. `undefined` where the call and its provider's settings do not tell enough. */
export type BuiltIn = (asked: Asked) => JsonObject | undefined;

/** The account that AWS's documentation uses in examples. In a plan, whatever contains it is unknown. */
const exampleAccount = "111122223333";
/** Stands for a Google project that nobody named. In a plan, whatever contains it is unknown. */
const exampleProject = "twodoor-unnamed-project";

/** A call, with what an answer is made of. */
export class Asked {
  readonly #call: DataSourceCall;
  readonly #madeUp: Set<string | number>;

  #isGuess = false;

  /** @param madeUp - receives what is invented. */
  constructor(call: DataSourceCall, madeUp: Set<string | number>) {
    this.#call = call;
    this.#madeUp = madeUp;
  }

  /** What it is asked. */
  get args(): JsonObject {
    return this.#call.args;
  }

  /** The region of the call itself (AWS provider 7 and later, most of Google's) or of its provider. */
  get region(): string | undefined {
    return this.text("region") ?? this.setting("region");
  }

  /** The partition of the region; the public one where no region is known. */
  get partition(): Partition {
    return partitionOf(this.region ?? "");
  }

  /** The account that the provider is held to, else a made-up one. */
  get account(): string {
    const allowed = listed(this.#call.providerInputs["allowedAccountIds"]);
    return allowed.length === 1 && allowed[0] !== undefined ? allowed[0] : this.invent(exampleAccount);
  }

  /** Google: the project of the call, else of its provider, else a made-up one. */
  get project(): string {
    return this.text("project") ?? this.setting("project") ?? this.invent(exampleProject);
  }

  /** A string among the arguments that is known and not empty. */
  text(key: string): string | undefined {
    return textOf(this.#call.args[key]);
  }

  /** A string among the provider's settings that is known and not empty. */
  setting(key: string): string | undefined {
    return textOf(this.#call.providerInputs[key]);
  }

  /** Another of the provider's settings. */
  settingValue(key: string): Json | undefined {
    return settingOf(this.#call.providerInputs[key]);
  }

  /** Strings of a list among the arguments. */
  texts(key: string): string[] {
    return listed(this.#call.args[key]);
  }

  /** Whether the answer is about things that only the account holds. */
  get isGuess(): boolean {
    return this.#isGuess;
  }

  /** Marks the answer as one about things that only the account holds (a VPC, a certificate): it has the right form and nothing else. */
  guess(): void {
    this.#isGuess = true;
  }

  /** Marks a value as invented, and returns it. */
  invent<Value extends string | number>(value: Value): Value {
    this.#madeUp.add(value);
    return value;
  }

  /**
   * Made-up hexadecimal digits, the same for the same question and others for each other one.
   *
   * @param part - tells several of one answer apart.
   */
  hex(digits: number, part = ""): string {
    const { token, args } = this.#call;
    const hash = createHash("sha256")
      .update(JSON.stringify([token, args, this.region ?? "", part]))
      .digest("hex");
    return hash.slice(0, digits);
  }

  /** A made-up id such as `ami-0f3c…`: seventeen digits, as AWS gives them. */
  id(prefix: string, part = ""): string {
    return this.invent(`${prefix}-0${this.hex(16, part)}`);
  }

  /** Made-up capital letters and digits such as `Z0123ABC…`, as AWS names hosted zones. */
  capitals(prefix: string, length: number, part = ""): string {
    return this.invent(`${prefix}${this.hex(length, part).toUpperCase()}`);
  }

  /** Made-up decimal digits that begin with 1. */
  digits(length: number, part = ""): string {
    const decimal = BigInt(`0x${this.hex(32, part)}`).toString();
    return this.invent(`1${decimal.slice(-(length - 1))}`);
  }
}

/** Partitions and their domains as the `aws_partition` data source of the AWS provider documents them. */
export const dnsSuffixes = { aws: "amazonaws.com", "aws-cn": "amazonaws.com.cn", "aws-us-gov": "amazonaws.com" };

/** A partition of AWS that the table of regions holds. */
export type Partition = keyof typeof dnsSuffixes;

/** The partition of a region, by its name's beginning. */
export function partitionOf(region: string): Partition {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}

/** A string that is known. */
function textOf(value: Json | undefined): string | undefined {
  return typeof value === "string" && value !== "" && value !== unknownValue ? value : undefined;
}

function listed(value: Json | undefined): string[] {
  const list = settingOf(value);
  return Array.isArray(list) ? list.flatMap((item) => textOf(item) ?? []) : [];
}

/** A provider's setting that is no text travels as JSON text. */
function settingOf(value: Json | undefined): Json | undefined {
  if (typeof value !== "string" || !/^[[{]/.test(value)) return value;
  try {
    return JSON.parse(value) as Json;
  } catch {
    return value;
  }
}
