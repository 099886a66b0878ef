// The page's words in both languages, from the page itself, and the change between them without loading it anew.

const words = JSON.parse(document.getElementById("page").dataset.words);

export const language = () => document.documentElement.lang;

export const knows = (name) => Object.hasOwn(words, name);

export function say(name, number) {
  const [english, vietnamese] = words[name];
  return (language() === "vi" ? vietnamese : english).replace("{n}", number);
}

export const wordIn = (name, lang) => words[name][lang === "vi" ? 1 : 0];

// Gives an element one of the words, such that a change of language finds it again.
export function put(element, name, number = "") {
  element.dataset.t = name;
  element.dataset.n = number;
  element.textContent = say(name, number);
}

export function change() {
  document.documentElement.lang = language() === "vi" ? "en" : "vi";
  document.title = `${say("title")} – vaxcert`;
  for (const element of document.querySelectorAll("[data-t]")) element.textContent = say(element.dataset.t, element.dataset.n);
  for (const element of document.querySelectorAll("[data-t-label]")) element.setAttribute("aria-label", say(element.dataset.tLabel));
}
