// The browser's way back: on from what covers the page, and only then out of it.

let gone = () => {};

// `then()` is called when somebody goes back.
export const onBack = (then) => (gone = then);

// Puts one entry before the page's own, for the way back to take. It stays when what it was made for has gone: taking
// it away again would take its time, and could take the entry of what came meanwhile.
export function guard() {
  if (!history.state?.guarded) history.pushState({ guarded: true }, "");
}

addEventListener("popstate", ({ state }) => {
  if (!state?.guarded) gone();
});
