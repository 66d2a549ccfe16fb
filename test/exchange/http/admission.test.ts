/**
 * Proves the arithmetic of signatures and rates: the documented prehash, comparison of texts of any length, buckets that fill lazily and are bounded,
 * whose bucket a request takes from, and the 429 that clients see, on a clock set by hand. Does not prove that the comparison takes the same
 * time to the nanosecond: it proves that the same work is done.
 */
import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { credentialsIn, refusalOf, signatureOf } from "../../../exchange/http/auth";
import { TokenBuckets, isLoopback, originOf } from "../../../exchange/http/rates";
import { type Surface, surface } from "./harness";

describe("signatures", () => {
  const secret = Buffer.from("c2VjcmV0LW9mLXRlc3Rz", "base64");
  const content = { method: "POST", path: "/orders?a=%20b", body: '{"size":"1"}' };

  it("are over timestamp, method, path with query and body, in base64", () => {
    expect(signatureOf(secret, "1700000000", content)).toBe(
      createHmac("sha256", "secret-of-tests").update('1700000000POST/orders?a=%20b{"size":"1"}').digest("base64"),
    );
    expect(signatureOf(secret, "1700000000", { ...content, body: Buffer.from(content.body) })).toBe(
      signatureOf(secret, "1700000000", content),
    );
  });

  it("are refused, whatever their length and form, unless they are the very text", () => {
    const timestamp = "1700000000";
    const signature = signatureOf(secret, timestamp, content);
    const judged = (given: string, passphrase = "p"): string | undefined =>
      refusalOf(
        { key: "k", signature: given, timestamp, passphrase },
        content,
        { secret, passphrase: "p" },
        1_700_000_000_000,
      );
    expect(judged(signature)).toBeUndefined();
    const wrong = [
      "",
      "x",
      signature.slice(0, -1),
      `${signature}=`,
      signature.toLowerCase(),
      `${signature} `,
      "é".repeat(44),
    ];
    expect(wrong.map((given) => judged(given))).toEqual(wrong.map(() => "invalid signature"));
    expect(judged(signature, "P")).toBe("Invalid Passphrase");
    expect(judged("x", "P")).toBe("invalid signature");
  });

  it("need single headers", () => {
    const headers = { "cb-access-key": "k", "cb-access-sign": ["a", "b"], "cb-access-timestamp": "1" };
    expect(credentialsIn(headers, false)).toEqual({ refusal: "CB-ACCESS-SIGN header is required" });
    expect(credentialsIn({ ...headers, "cb-access-sign": "a" }, false)).toEqual({
      key: "k",
      signature: "a",
      timestamp: "1",
      passphrase: undefined,
    });
  });
});

describe("buckets", () => {
  it("let a burst through, then the rate, and fill no further than the burst", () => {
    const buckets = new TokenBuckets(10, 15);
    const taken = (count: number, nowMs: number): number =>
      Array.from({ length: count }, () => buckets.take("a", nowMs)).filter(Boolean).length;
    expect(taken(20, 0)).toBe(15);
    expect(taken(20, 500)).toBe(5);
    expect(taken(1, 550)).toBe(0);
    expect(taken(1, 600)).toBe(1);
    expect(taken(100, 3_600_000)).toBe(15);
    expect(buckets.take("b", 3_600_000)).toBe(true);
    // A clock that goes back fills nothing
    expect(taken(1, 0)).toBe(0);
  });

  it("keep at most 20,000, and forget the least recently used", () => {
    const buckets = new TokenBuckets(1, 1);
    expect(buckets.take("first", 0)).toBe(true);
    expect(buckets.take("second", 0)).toBe(true);
    for (let number = 0; number < 19_998; number += 1) buckets.take(`n${String(number)}`, 0);
    expect(buckets.size).toBe(20_000);
    expect(buckets.take("first", 0)).toBe(false);
    buckets.take("one more", 0);
    expect(buckets.size).toBe(20_000);
    expect(buckets.take("first", 0)).toBe(false);
    expect(buckets.take("second", 0)).toBe(true);
  });

  it.each([
    ["203.0.113.7", undefined, { name: "203.0.113.7", times: 1 }],
    ["::ffff:203.0.113.7", undefined, { name: "203.0.113.7", times: 1 }],
    ["2001:db8:0:1:2:3:4:5", undefined, { name: "2001:db8:0:1::/64", times: 1 }],
    ["2001:DB8::1", undefined, { name: "2001:db8:0:0::/64", times: 1 }],
    ["127.0.0.1", undefined, { name: "private", times: 500 }],
    ["::1", undefined, { name: "private", times: 500 }],
    ["10.1.2.3", undefined, { name: "private", times: 500 }],
    ["::ffff:10.1.2.3", undefined, { name: "private", times: 500 }],
    ["fe80::1%eth0", undefined, { name: "private", times: 500 }],
    ["169.254.8.129", undefined, { name: "private", times: 500 }],
    ["10.1.2.3", "203.0.113.7", { name: "203.0.113.7", times: 1 }],
    ["10.1.2.3", "2001:db8::7", { name: "2001:db8:0:0::/64", times: 1 }],
    ["203.0.113.7", "not an address", { name: "203.0.113.7", times: 1 }],
    [undefined, undefined, { name: "unknown", times: 1 }],
  ])("take %s with header %s as %o", (peer, header, origin) => {
    expect(originOf(peer, header)).toEqual(origin);
  });

  it("know this machine", () => {
    expect(["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1", "10.0.0.1", "", undefined].map(isLoopback)).toEqual([
      true,
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});

describe("rates at the door", () => {
  async function with429(
    settings: Parameters<typeof surface>[0],
    check: (here: Surface, clock: { ms: number }) => Promise<void>,
  ): Promise<void> {
    const clock = { ms: 0 };
    const here = await surface({ ...settings, monotonicMs: () => clock.ms });
    try {
      await check(here, clock);
    } finally {
      await here.close();
    }
  }
  const statuses = async (here: Surface, count: number, request: Parameters<Surface["ask"]>[0]): Promise<number[]> => {
    const got: number[] = [];
    for (let number = 0; number < count; number += 1) got.push((await here.ask(request)).status);
    return got;
  };
  const times = (count: number, status: number): number[] => Array.from({ length: count }, () => status);

  it("are 15 a second and 30 at once for each account, 10 and 20 for fills, as documented", async () => {
    await with429({ settings: { accountRequestsPerSecond: 15 } }, async (here, clock) => {
      expect(await statuses(here, 32, { path: "/accounts", as: "sandbox-1" })).toEqual([...times(30, 200), 429, 429]);
      const refused = await here.ask({ path: "/accounts", as: "sandbox-1" });
      expect([refused.body, refused.headers["retry-after"]]).toEqual([{ message: "Private rate limit exceeded" }, "1"]);
      expect(await statuses(here, 21, { path: "/fills", as: "sandbox-1" })).toEqual([...times(20, 200), 429]);
      expect(await statuses(here, 1, { path: "/accounts", as: "sandbox-2" })).toEqual([200]);
      clock.ms = 1_000;
      expect(await statuses(here, 16, { path: "/accounts", as: "sandbox-1" })).toEqual([...times(15, 200), 429]);
      expect(await statuses(here, 11, { path: "/fills", as: "sandbox-1" })).toEqual([...times(10, 200), 429]);
      // A refused order is not in the journal
      const { sequence } = here.local.machine;
      const order = { side: "buy", product_id: "BTC-USD", price: "1", size: "1" };
      expect((await here.ask({ method: "POST", path: "/orders", as: "sandbox-1", body: order })).status).toBe(429);
      expect(here.local.machine.sequence).toBe(sequence);
    });
  });

  it("are 10 a second and 15 at once for each address, where a header is believed", async () => {
    const settings = { addressRequestsPerSecond: 10, clientAddressHeader: "cf-connecting-ip" };
    await with429({ settings }, async (here, clock) => {
      const from = (address: string, path = "/time"): Parameters<Surface["ask"]>[0] => ({
        path,
        headers: { "cf-connecting-ip": address },
      });
      expect(await statuses(here, 16, from("203.0.113.1"))).toEqual([...times(15, 200), 429]);
      expect((await here.ask(from("203.0.113.1"))).body).toEqual({ message: "Public rate limit exceeded" });
      expect(await statuses(here, 1, from("203.0.113.2"))).toEqual([200]);
      clock.ms = 1_000;
      expect(await statuses(here, 11, from("203.0.113.1"))).toEqual([...times(10, 200), 429]);
      // Healths are never refused, and guessing at signatures is as slow as asking in public
      expect(await statuses(here, 30, from("203.0.113.1", "/healthz/region"))).toEqual(times(30, 200));
      expect(await statuses(here, 17, from("203.0.113.3", "/accounts"))).toEqual([...times(15, 401), 429, 429]);
      expect(
        (await here.ask({ path: "/accounts", as: "sandbox-1", headers: { "cf-connecting-ip": "203.0.113.3" } })).status,
      ).toBe(200);
    });
  });

  it("believe no header without the setting", async () => {
    await with429({ settings: { addressRequestsPerSecond: 0.01 } }, async (here) => {
      const got: number[] = [];
      for (let number = 0; number < 9; number += 1) {
        got.push(
          (await here.ask({ path: "/time", headers: { "cf-connecting-ip": `203.0.113.${String(number)}` } })).status,
        );
      }
      // One bucket for the private network: 0.01 a second, one and a half times at once, 500 times that
      expect(got).toEqual([...times(7, 200), 429, 429]);
    });
  });
});
