/** Runs any Pulumi program for Node.js without CLI, provider, credential or network, and records what it asks for. */
export { readAnswers } from "./answers/answers";
export type { Location } from "../resilience/graph";
export { plan } from "./plan";
export type {
  Answer,
  AnsweredBy,
  Answers,
  Invoke,
  Plan,
  PlannedResource,
  PlanOptions,
  Question,
  ResourceOptions,
  UnansweredCall,
} from "./plan-types";
export { ProgramError } from "./program/program-error";
export { saveQuestions, type SavedQuestions } from "./answers/questions-file";
export { SettingsError } from "./project/settings-error";
export { UnansweredError } from "./answers/unanswered-error";
export { hidden, isObject, isSecret, unknownValue, type Json, type JsonObject } from "../resilience/values";
export { runPolicyPack, type PackFinding, type PackOptions, type PackPolicy, type PackReport } from "./policy-pack/run";
export { PolicyPackError } from "./policy-pack/error";
export type { PackConfiguration } from "./policy-pack/messages";
