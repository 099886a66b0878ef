// The other side of rules.py: `certlogic-js` over the same rules and the same card, timed in the same rounds.
// First line: what to measure; then a number of calls a line, answered by microseconds a call.
"use strict";

const readline = require("node:readline");
const { evaluate, specificationVersion } = require("certlogic-js");

const cases = {};

function oneRound(calls) {
  const took = {};
  for (const [name, run] of Object.entries(cases)) {
    for (let i = 0; i < 3; i++) run();
    const start = process.hrtime.bigint();
    for (let i = 0; i < calls; i++) run();
    took[name] = Number(process.hrtime.bigint() - start) / calls / 1000;
  }
  return took;
}

function prepare({ at, payload, external, sets }) {
  const answers = {};
  for (const [name, rules] of Object.entries(sets)) {
    cases[name] = () => {
      const data = { payload, external: { ...external, validationClock: new Date(at).toISOString() } };
      return rules.map(({ Identifier, Logic }) => {
        try {
          return [Identifier, evaluate(Logic, data)];
        } catch (error) {
          return [Identifier, null];
        }
      });
    };
    answers[name] = cases[name]();
  }
  return { version: specificationVersion, answers };
}

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  const asked = JSON.parse(line);
  console.log(JSON.stringify(typeof asked === "number" ? oneRound(asked) : prepare(asked)));
});
