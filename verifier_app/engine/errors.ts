// What can be wrong with a card, by the same stages and reasons as in the library (vaxcert/errors).

export const STAGES = [
  "format", "encoding", "compression", "envelope", "key", "signature", "usage", "validity", "content", "revocation",
  "rules",
] as const;
export type Stage = (typeof STAGES)[number];
export type Outcome = "passed" | "failed" | "unknown" | "skipped";

// A card that is not accepted. `undetermined`: nothing is known against it, it merely cannot be told.
export class CardError extends Error {
  constructor(
    readonly stage: Stage,
    readonly reason: string,
    readonly detail = "",
    readonly undetermined = false,
  ) {
    super(detail ? `${reason}: ${detail}` : reason);
    this.name = "CardError";
  }
}

// A rule that cannot be evaluated over a card: its answer is unknown, never a yes.
export class EvaluationError extends Error {
  constructor(
    readonly reason: string,
    readonly detail = "",
  ) {
    super(reason);
    this.name = "EvaluationError";
  }
}

// What the page was given to judge by is not whole: nothing is judged by any of it.
export class TrustError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "TrustError";
  }
}

export function contentInvalid(detail: string): CardError {
  return new CardError("content", "content_invalid", detail);
}
