// CertLogic 1.3.3, strictly (vaxcert/rules/certlogic): operands of another type than an operation is defined for make a
// rule unknown, never met, and no rule takes more steps than it may. Expressions were checked where they were published.

import { EvaluationError, TrustError } from "../errors";
import { add, parse, parseBirth, Time, UNITS } from "./moments";

// An array of texts, in which one is found at once.
export class Codes {
  readonly members: ReadonlySet<unknown>;

  constructor(readonly list: readonly string[]) {
    this.members = new Set(list);
  }
}

type Json = unknown;
type Operands = readonly Json[];
// What `reduce` passes on in place of the data: the value so far, and a member.
type Member = readonly [accumulator: Json, current: Json];

// Integers beyond these have neighbours that JavaScript cannot tell apart.
const LARGEST = Number.MAX_SAFE_INTEGER;
const MEMBERS_A_STEP = 16;
const CHARACTERS_A_STEP = 64;
const UCI_PREFIX = "URN:UVCI:";
const PLACE = /^[0-9]{1,15}$/;

const IN_ORDER: Readonly<Record<string, (one: number, other: number) => boolean>> = {
  "<": (one, other) => one < other,
  ">": (one, other) => one > other,
  "<=": (one, other) => one <= other,
  ">=": (one, other) => one >= other,
};
const IN_TIME: Readonly<Record<string, string>> = { before: "<", after: ">", "not-after": "<=", "not-before": ">=" };

function refused(detail: string): EvaluationError {
  return new EvaluationError("rule_not_evaluable", detail);
}

// The evaluation of a set's rules over one card. `left`: steps that may still be taken.
export class Evaluation {
  // What was read as a date-time so far, by path, amount and unit.
  readonly times = new Map<string, Time>();

  constructor(
    readonly data: Json,
    private left: number,
  ) {}

  take(steps: number): void {
    this.left -= steps;
    if (this.left < 0) throw new EvaluationError("rule_too_many_steps");
  }
}

// An expression. `evaluate` gives its value over the data of an evaluation.
export class Logic {
  // Arrays of literals, which are no work for each card.
  private readonly constants = new Map<Json, Codes | Operands>();

  constructor(private readonly expression: Json) {
    if (expression === undefined) throw new TrustError("a rule without its logic");
    this.prepare(expression);
  }

  evaluate(run: Evaluation): Json {
    return this.value(this.expression, run, null);
  }

  private prepare(expression: Json): void {
    if (Array.isArray(expression)) {
      if (expression.every(isLiteral)) {
        this.constants.set(expression, expression.every((one) => typeof one === "string") ? new Codes(expression) : expression);
      }
      expression.forEach((one) => this.prepare(one));
    } else if (typeof expression === "object" && expression !== null) {
      Object.values(expression).forEach((one) => this.prepare(one));
    }
  }

  private value(expression: Json, run: Evaluation, member: Member | null): Json {
    if (isLiteral(expression)) return expression;
    if (Array.isArray(expression)) {
      return this.constants.get(expression) ?? expression.map((one) => this.value(one, run, member));
    }
    const [name, operands] = operation(expression);
    if (name === "var") return member === null ? at(run.data, String(operands)) : ofMember(member, String(operands));
    return this.operate(name, operands as Operands, run, member);
  }

  private operate(name: string, operands: Operands, run: Evaluation, member: Member | null): Json {
    const value = (place: number) => this.value(operands[place], run, member);
    switch (name) {
      case "if":
        return value(truth(value(0)) ? 1 : 2);
      case "and":
        return this.and(operands, run, member);
      case "!":
        return !truth(value(0));
      case "===":
        return same(value(0), value(1));
      case "in":
        return isIn(value(0), value(1), run);
      case "+":
        return plus(value(0), value(1));
      case "plusTime":
        return this.plusTime(operands, run, member);
      case "reduce":
        return this.reduce(operands, run, member);
      case "extractFromUVCI":
        return extract(value(0), operands[1], run);
      case "dccDateOfBirth":
        return dateOfBirth(value(0));
    }
    const values = operands.map((_, place) => value(place));
    if (Object.hasOwn(IN_ORDER, name)) return inOrder(name, values.map((one) => whole(one, name)));
    if (Object.hasOwn(IN_TIME, name)) return inOrder(IN_TIME[name]!, values.map((one) => milliseconds(one, name)));
    throw refused("an unknown operation");
  }

  // The first falsy operand, else the last; what follows a falsy one is not evaluated.
  private and(operands: Operands, run: Evaluation, member: Member | null): Json {
    let found: Json = true;
    for (const operand of operands) {
      found = this.value(operand, run, member);
      if (!truth(found)) return found;
    }
    return found;
  }

  private plusTime([operand, amount, unit]: Operands, run: Evaluation, member: Member | null): Json {
    const path = member === null ? pathOf(operand) : null;
    // A path has no such character.
    const name = path === null ? null : `${path}\0${amount}\0${unit}`;
    const known = name === null ? undefined : run.times.get(name);
    if (known !== undefined) return known;
    const text = this.value(operand, run, member);
    if (typeof text !== "string") throw refused("plusTime: the first operand is no text");
    if (!Number.isSafeInteger(amount) || !UNITS.has(unit)) throw refused("plusTime: no amount of a unit");
    const found = new Time(add(parse(text), amount as number, unit as string));
    if (name !== null) run.times.set(name, found);
    return found;
  }

  // A left fold over an array; of null, the initial value. Each member takes as many steps as the lambda has parts.
  private reduce([operand, lambda, initial]: Operands, run: Evaluation, member: Member | null): Json {
    const members = this.value(operand, run, member);
    let found = this.value(initial, run, member);
    if (members === null) return found;
    const cost = parts(lambda);
    for (const one of listed(members, "reduce: the first operand is neither an array nor null")) {
      run.take(cost);
      found = this.value(lambda, run, [found, one]);
    }
    return found;
  }
}

function isLiteral(expression: Json): boolean {
  return typeof expression === "string" || typeof expression === "boolean" || Number.isInteger(expression);
}

function operation(expression: Json): [string, Json] {
  const entries = typeof expression === "object" && expression !== null ? Object.entries(expression) : [];
  if (entries.length !== 1) throw refused("not one operation");
  const [name, operands] = entries[0]!;
  if (name === "var" ? typeof operands !== "string" : !Array.isArray(operands)) throw refused("no operands");
  return [name, operands];
}

function pathOf(expression: Json): string | null {
  const path = typeof expression === "object" && expression !== null && Object.hasOwn(expression, "var") ? (expression as { var: Json }).var : null;
  return typeof path === "string" ? path : null;
}

// How many expressions an expression is made of; each fragment of a path counts.
function parts(expression: Json): number {
  if (Array.isArray(expression)) return expression.reduce((sum: number, one) => sum + parts(one), 1);
  if (typeof expression !== "object" || expression === null) return 1;
  const [name, operands] = operation(expression);
  if (name === "var") return String(operands).split(".").length;
  const counted = name === "plusTime" || name === "extractFromUVCI" ? 1 : undefined;
  return (operands as Operands).slice(0, counted).reduce((sum: number, one) => sum + parts(one), 1);
}

// What stands at a path, null where nothing does: only what an object or array itself has.
function at(data: Json, path: string): Json {
  return path === "" ? data : path.split(".").reduce(under, data);
}

function under(value: Json, fragment: string): Json {
  if (value instanceof Codes) return under(value.list, fragment);
  if (Array.isArray(value)) return PLACE.test(fragment) ? (value[Number(fragment)] ?? null) : null;
  if (typeof value !== "object" || value === null || value instanceof Time) return null;
  return Object.hasOwn(value, fragment) ? ((value as Record<string, Json>)[fragment] ?? null) : null;
}

function ofMember([accumulator, current]: Member, path: string): Json {
  return at({ accumulator, current }, path);
}

// Whether a value is truthy, not falsy. It may be neither: a fraction, a date-time.
function truth(value: Json): boolean {
  if (value === null || typeof value === "string" || typeof value === "boolean" || Number.isInteger(value)) return Boolean(value);
  if (value instanceof Codes) return value.list.length > 0;
  if (Array.isArray(value)) return value.length > 0;
  if (typeof value === "object" && !(value instanceof Time)) return Object.keys(value).length > 0;
  throw refused("neither truthy nor falsy");
}

// Equal without conversion. Arrays, objects and date-times are as themselves alone.
function same(one: Json, other: Json): boolean {
  return one === other;
}

function listed(value: Json, said: string): readonly Json[] {
  if (value instanceof Codes) return value.list;
  if (!Array.isArray(value)) throw refused(said);
  return value;
}

function isIn(value: Json, members: Json, run: Evaluation): boolean {
  if (members instanceof Codes) return members.members.has(value);
  const found = listed(members, "in: the second operand is no array");
  run.take(Math.floor(found.length / MEMBERS_A_STEP));
  return found.some((one) => same(value, one));
}

function whole(value: Json, name: string): number {
  if (!Number.isInteger(value)) throw refused(`${name}: an operand is no integer`);
  return value as number;
}

function plus(one: Json, other: Json): number {
  const sum = whole(one, "+") + whole(other, "+");
  if (Math.abs(sum) > LARGEST) throw refused("+: the sum is beyond the integers that there are");
  return sum;
}

function milliseconds(value: Json, name: string): number {
  if (!(value instanceof Time)) throw refused(`${name}: an operand is no date-time`);
  return value.ms;
}

function inOrder(name: string, values: readonly number[]): boolean {
  return values.slice(1).every((value, place) => IN_ORDER[name]!(values[place]!, value));
}

function extract(text: Json, index: Json, run: Evaluation): Json {
  if (text === null) return null;
  if (typeof text !== "string") throw refused("extractFromUVCI: the first operand is neither a text nor null");
  run.take(Math.floor(Array.from(text).length / CHARACTERS_A_STEP));
  const fragments = (text.startsWith(UCI_PREFIX) ? text.slice(UCI_PREFIX.length) : text).split(/[/#:]/);
  return Number(index) >= 0 ? (fragments[Number(index)] ?? null) : null;
}

function dateOfBirth(value: Json): Time {
  if (typeof value !== "string") throw refused("dccDateOfBirth: the operand is no text");
  return new Time(parseBirth(value));
}
