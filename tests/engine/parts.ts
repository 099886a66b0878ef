// What tests ask the engine's parts one by one, with answers that are plain JSON.

import * as calendar from "../../verifier_app/engine/calendar";
import { CardError, EvaluationError, TrustError } from "../../verifier_app/engine/errors";
import { bare, recognise } from "../../verifier_app/engine/formats/recognise";
import * as names from "../../verifier_app/engine/names";
import { Evaluation, Logic } from "../../verifier_app/engine/rules/certlogic";
import { Time } from "../../verifier_app/engine/rules/moments";
import { made, trustedKey } from "../../verifier_app/engine/trust/keys";
import * as uvci from "../../verifier_app/engine/uvci";
import * as base64url from "../../verifier_app/engine/wire/base64url";
import * as base45 from "../../verifier_app/engine/wire/base45";
import * as cbor from "../../verifier_app/engine/wire/cbor";
import * as cose from "../../verifier_app/engine/wire/cose";
import * as deflate from "../../verifier_app/engine/wire/deflate";
import * as jsontext from "../../verifier_app/engine/wire/jsontext";
import { hex } from "../../verifier_app/engine/wire/sealed";

const bytes = (text: string) => Uint8Array.from(text.match(/../g) ?? [], (one) => parseInt(one, 16));

// An item of CBOR, with its types.
function plain(item: cbor.Item): unknown {
  if (item === undefined) return ["undefined"];
  if (typeof item === "bigint") return ["int", String(item)];
  if (typeof item === "number") return ["float", Number.isNaN(item) ? "nan" : hexOf(item)];
  if (item instanceof Uint8Array) return ["bytes", hex(item)];
  if (item instanceof cbor.Tag) return ["tag", item.number, plain(item.item)];
  if (item instanceof cbor.Simple) return ["simple", item.value];
  if (item instanceof cbor.CborMap) return ["map", Array.from(item, ([key, value]) => [plain(key), plain(value)])];
  return Array.isArray(item) ? ["array", item.map(plain)] : item;
}

// A value of JSON, with its types.
function json(value: jsontext.Json): unknown {
  if (typeof value === "bigint") return ["int", String(value)];
  if (typeof value === "number") return ["float", hexOf(value)];
  if (value instanceof Map) return ["map", Array.from(value, ([name, one]) => [name, json(one)])];
  return Array.isArray(value) ? ["array", value.map(json)] : value;
}

function hexOf(number: number): string {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, number);
  return hex(new Uint8Array(view.buffer));
}

function sealed(message: string): unknown {
  const { signingInput, payload, signature, kid, alg, algUnprotected } = cose.decode(bytes(message));
  return [hex(signingInput), hex(payload), hex(signature), kid && hex(kid), alg, algUnprotected];
}

function logic([expression, data]: [unknown, unknown]): unknown {
  const found = new Logic(expression).evaluate(new Evaluation(data, 100_000));
  return found instanceof Time ? { time: found.ms } : found !== null && typeof found === "object" && "list" in found ? found.list : found;
}

async function signature([entry, signed, data]: [Parameters<typeof trustedKey>[0], string, string]): Promise<boolean> {
  return made(await trustedKey(entry), bytes(signed), bytes(data));
}

const moment = (text: string) => {
  const found = calendar.readMoment(text);
  return found && [String(found.utc), calendar.momentText(found), calendar.dayText(calendar.dayAt(found))];
};

const PARTS: Record<string, (given: any) => unknown> = {
  base45: (text: string) => hex(base45.decode(text)),
  cbor: (data: string) => plain(cbor.loads(bytes(data))),
  cose: sealed,
  json: (data: string) => json(jsontext.loads(bytes(data))),
  base64url: (text: string) => {
    const found = base64url.decode(text);
    return found && hex(found);
  },
  inflateRaw: async (data: string) => hex(await deflate.inflate(bytes(data), "deflate-raw")),
  inflate: async (data: string) => hex(await deflate.inflate(bytes(data))),
  names: (name: string) => [names.normalise(name), names.transliterate(name)],
  spellings: (id: string) => [[...uvci.spellings(id)].sort(), [...uvci.sitesOf(uvci.spellings(id))].sort()],
  moment,
  recognise: async (text: string) => {
    const found = await bare(text);
    recognise(found);
    return found;
  },
  logic,
  signature,
};

export async function ask(part: string, given: unknown[]): Promise<unknown[]> {
  return Promise.all(
    given.map(async (one) => {
      try {
        return { value: await PARTS[part]!(one) };
      } catch (error) {
        if (error instanceof CardError) return { error: error.reason, detail: error.detail };
        if (error instanceof jsontext.NotJson) return { error: "not_json", detail: error.detail };
        if (error instanceof EvaluationError) return { error: error.reason };
        if (error instanceof TrustError) return { error: "refused" };
        return { threw: String(error) };
      }
    }),
  );
}
