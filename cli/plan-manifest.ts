import { z } from "zod";
import type { Json, JsonObject } from "../planner";

const region = z.looseObject({
  cloud: z.string().optional(),
  region: z.string().optional(),
  geography: z.string().optional(),
  pool: z.string().optional(),
  serving: z.boolean().optional(),
  minimumReplicas: z.number().optional(),
  maximumReplicas: z.number().optional(),
  sharePercent: z.number().optional(),
  worstSharePercent: z.number().optional(),
});

const manifest = z.looseObject({
  version: z.literal(1),
  hostname: z.string().optional(),
  steeringPolicy: z.string().optional(),
  peakRequestsPerSecond: z.number().optional(),
  requestsPerSecondPerReplica: z.number().optional(),
  detectionSeconds: z.array(z.number()).optional(),
  fallbackRegion: z.string().optional(),
  regions: z.array(region),
  journal: z.looseObject({ kind: z.string().optional(), voters: z.array(z.unknown()).optional() }).optional(),
});

/** What an `ExchangeApi` declares about itself, as far as it is there and known. */
export type Manifest = z.infer<typeof manifest>;
/** One region of a {@link Manifest}. */
export type ManifestRegion = z.infer<typeof region>;

/** The manifests among a stack's outputs, by the name of the output; of an output that is an object, also one level down. */
export function manifestsOf(outputs: JsonObject): [string, Manifest][] {
  const candidates = Object.entries(outputs).flatMap(([name, value]): [string, Json][] => [
    [name, value],
    ...(typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.entries(value).map(([key, inner]): [string, Json] => [`${name}.${key}`, inner])
      : []),
  ]);
  return candidates.flatMap(([name, value]): [string, Manifest][] => {
    const parsed = manifest.safeParse(value);
    return parsed.success ? [[name, parsed.data]] : [];
  });
}
