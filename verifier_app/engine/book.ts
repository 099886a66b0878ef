// What went wrong so far with a card, and what of each stage is to be told (the `_Book` of vaxcert/verify).

import { CardError, STAGES, type Outcome, type Stage } from "./errors";
import { OF_RULES, overall, why, type Check, type RulesVerdict } from "./verdict";

type Step = () => void | Promise<void>;

export class Book {
  readonly errors: CardError[] = [];
  // What ended the chain of steps; the other errors did not.
  broken: CardError | null = null;
  // Reasons that count for nothing, since nobody knows what time it is, and those that were given.
  doubted: ReadonlySet<string> = new Set();
  rules: RulesVerdict | null = null;
  private readonly doubts = new Map<Stage, Check>();

  // Take steps one after the other, each of them whatever those before said. Only an exception is a no.
  async ask(...steps: Step[]): Promise<void> {
    for (const step of steps) {
      try {
        await step();
      } catch (error) {
        if (!(error instanceof CardError)) throw error;
        const { stage, reason, detail } = error;
        if (!this.doubted.has(reason)) this.errors.push(error);
        else if (!this.doubts.has(stage)) this.doubts.set(stage, { stage, outcome: "unknown", reason, detail });
      }
    }
  }

  // Keep what the place's rules say: a line a rule, and one error where they are not met, or cannot be judged.
  judge(rules: RulesVerdict): void {
    this.rules = rules;
    const outcome = overall(rules.results);
    const first = rules.results.find((one) => one.outcome === outcome);
    if (outcome === "passed" || first === undefined) return;
    this.errors.push(new CardError("rules", why(first)!, rules.mode, outcome !== "failed"));
  }

  // One check a stage, in order. `decoding`: the stages before the key; `revocations`: whether there is a list of them.
  checks(decoding: readonly Stage[], revocations: boolean): Check[] {
    const failed = new Map<Stage, CardError>();
    for (const error of this.errors) {
      if (!OF_RULES.has(error.reason) && !failed.has(error.stage)) failed.set(error.stage, error);
    }
    const stages = [...decoding, ...STAGES.slice(STAGES.indexOf("key"))];
    let reached = stages.length;
    if (this.broken !== null) {
      // Usage and validity stand before content, but are only asked of what could be read.
      reached = stages.indexOf(this.broken.stage === "content" ? "usage" : this.broken.stage);
    }
    const asked = (this.rules?.results ?? []).map(
      (one): Check => ({ stage: "rules", outcome: one.outcome, reason: why(one), detail: one.id }),
    );
    const found: Check[] = [];
    for (const [position, stage] of stages.entries()) {
      const error = failed.get(stage);
      const doubt = this.doubts.get(stage);
      if (error !== undefined) found.push(check(stage, error.undetermined ? "unknown" : "failed", error.reason, error.detail));
      else if (doubt !== undefined) found.push(doubt);
      // What nobody asked is no line of its own beside what the place asks.
      else if (stage === "rules" && asked.length) continue;
      else found.push(position < reached ? untroubled(stage, revocations) : check(stage, "skipped", "not_reached"));
    }
    return [...found, ...asked];
  }
}

function untroubled(stage: Stage, revocations: boolean): Check {
  const asked = stage === "rules" ? false : stage !== "revocation" || revocations;
  return asked ? check(stage, "passed") : check(stage, "skipped", "not_configured");
}

function check(stage: Stage, outcome: Outcome, reason: string | null = null, detail = ""): Check {
  return { stage, outcome, reason, detail };
}
