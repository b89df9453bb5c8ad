import type { AppError } from "./errors.ts";

/** What is still to come of something that grows at its end. */
export type Rest =
  | { readonly status: "coming" }
  | { readonly status: "ended" }
  | { readonly status: "failed"; readonly error: AppError };
