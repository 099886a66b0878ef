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

// What is the matter with a publication, fetched or held: by these names the page tells it.
export type Fault =
  | "not_authentic" | "rolled_back" | "mixed" | "incomplete" | "expired" | "environment_differs" | "too_large"
  | "unreachable" | "not_there" | "form_unknown";

// A publication that is not taken over, or one that is held and is not what it was: nothing of it is judged by.
export class SyncError extends Error {
  constructor(
    readonly fault: Fault,
    readonly detail = "",
  ) {
    super(detail ? `${fault}: ${detail}` : fault);
    this.name = "SyncError";
  }
}

export function contentInvalid(detail: string): CardError {
  return new CardError("content", "content_invalid", detail);
}
