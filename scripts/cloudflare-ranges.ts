// Compares the pinned ranges with those that Cloudflare's API publishes today (GET /ips needs no credential). Exit status 1 when they
// differ: a range that is missing here locks part of Cloudflare's edge out, one too many lets strangers in.
import { CLOUDFLARE_RANGES } from "../components/sizing/cloudflare-ranges";

async function main(): Promise<void> {
  const response = await fetch("https://api.cloudflare.com/client/v4/ips");
  if (!response.ok) throw new Error(`Cloudflare answered ${String(response.status)}`);
  const { result } = (await response.json()) as { result: { ipv4_cidrs: string[]; ipv6_cidrs: string[] } };

  const published = new Set([...result.ipv4_cidrs, ...result.ipv6_cidrs]);
  const missing = [...published].filter((range) => !CLOUDFLARE_RANGES.includes(range));
  const gone = CLOUDFLARE_RANGES.filter((range) => !published.has(range));
  for (const range of missing) process.stdout.write(`missing in components/sizing/cloudflare-ranges.ts: ${range}\n`);
  for (const range of gone) process.stdout.write(`no longer Cloudflare's: ${range}\n`);
  process.exitCode = missing.length + gone.length === 0 ? 0 : 1;
}

void main();
