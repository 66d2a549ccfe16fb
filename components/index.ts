/** What `twodoor` exports: every component with its arguments, and the values that arguments take. */
export * from "./region";
export { ArgumentsError } from "./errors";
