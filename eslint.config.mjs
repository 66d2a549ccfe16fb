import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";
import tsdoc from "eslint-plugin-tsdoc";
import twodoor from "./scripts/eslint/index.mjs";

/** Sources that other people import or run; tests and examples are held to the typed rules only. */
const published = [
  "components/**/*.ts",
  "planner/**/*.ts",
  "twin/**/*.ts",
  "cli/**/*.ts",
  "stacks/**/*.ts",
  "exchange/**/*.ts",
];

/** Where the same input must give the same answer: no clock, no chance, no timer. They are passed in. */
const pure = ["components/**/*.ts", "resilience/**/*.ts", "exchange/machine/**/*.ts"];

const ambient = "Pass it in: this file must give the same answer for the same input.";

export default defineConfig(
  {
    ignores: [
      "dist/",
      "coverage/",
      "node_modules/",
      "policies/node_modules/",
      "exchange/dist/",
      "exchange/node_modules/",
      "examples/new-program/",
    ],
  },
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked],
    // One program for all files, read once: the project service takes half as long again.
    languageOptions: { parserOptions: { project: "./tsconfig.json", tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      // The costliest Pulumi slip, an Output in a string, is caught by this rule; numbers and booleans are safe in one.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/explicit-module-boundary-types": "error",
      // A quarter of the whole run, for class hierarchies; ours are one level deep.
      "@typescript-eslint/no-unsafe-class-instance-assignment": "off",
      eqeqeq: "error",
      "no-console": "error",
    },
  },
  {
    files: published,
    plugins: { tsdoc, twodoor },
    rules: {
      "tsdoc/syntax": "error",
      "twodoor/exports-are-documented": "error",
    },
  },
  {
    files: ["components/**/*.ts"],
    plugins: { twodoor },
    rules: {
      "twodoor/child-has-parent": "error",
      "twodoor/register-outputs-last": "error",
      "twodoor/no-link-in-component-docs": "error",
    },
  },
  {
    files: pure,
    rules: {
      "no-restricted-globals": [
        "error",
        ...["Date", "setTimeout", "setInterval", "setImmediate", "performance", "fetch"].map((name) => ({
          name,
          message: ambient,
        })),
      ],
      "no-restricted-properties": ["error", { object: "Math", property: "random", message: ambient }],
    },
  },
  {
    // A test may reach for what the compiler cannot know is there, compares recorded wire values that are as untyped as JSON (where a
    // slip fails the comparison), and its callbacks need no return types.
    files: ["test/**/*.ts"],
    rules: {
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-call": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/no-unsafe-return": "off",
      "@typescript-eslint/explicit-module-boundary-types": "off",
      "no-console": "off",
    },
  },
);
