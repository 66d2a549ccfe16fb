import { defineConfig } from "vitest/config";

const minutes = 60_000;

/**
 * Five projects, one after another: `unit` (no tool beyond npm's packages), `engine` (the real Pulumi engine; a command takes up to
 * 1.4 GB and waits for one core most of the time, so two files at once), `package` (installs the packed tarball from a registry),
 * `exchange` (the reference exchange: real processes, real journal servers, real clients), `languages` (the engine with programs in
 * Python, Go, Java and YAML).
 */
export default defineConfig({
  test: {
    pool: "forks",
    // Pulumi's runtime is one per process (mocks, stack, registered resources): files may not share it.
    isolate: true,
    // A CI's variable turns colours on, and reports are compared as text.
    env: { NO_COLOR: "1" },
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/engine/**", "test/languages/**", "test/exchange/**", "test/package*.test.ts"],
          maxWorkers: 2,
          testTimeout: 1 * minutes,
          hookTimeout: 2 * minutes,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: "engine",
          include: ["test/engine/**/*.test.ts"],
          maxWorkers: 2,
          testTimeout: 5 * minutes,
          hookTimeout: 15 * minutes,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: "languages",
          include: ["test/languages/**/*.test.ts"],
          maxWorkers: 1,
          testTimeout: 5 * minutes,
          hookTimeout: 15 * minutes,
          sequence: { groupOrder: 4 },
        },
      },
      {
        extends: true,
        test: {
          name: "exchange",
          include: ["test/exchange/**/*.test.ts"],
          maxWorkers: 2,
          testTimeout: 5 * minutes,
          hookTimeout: 5 * minutes,
          sequence: { groupOrder: 3 },
        },
      },
      {
        extends: true,
        test: {
          name: "package",
          include: ["test/package*.test.ts"],
          maxWorkers: 1,
          testTimeout: 5 * minutes,
          hookTimeout: 5 * minutes,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
