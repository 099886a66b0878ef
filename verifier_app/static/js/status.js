// Times as this device has them, and its clock beside the server's and the list's: whoever is wrong accuses no card.

const FAR = 5 * 60_000; // milliseconds
const LOCALES = { vi: "vi-VN", en: "en-GB" };

// Of the status that is in the document, in that language.
export function compare(lang) {
  const row = document.getElementById("device");
  const note = document.getElementById("clocks");
  const now = new Date();
  const { server, published } = row.dataset;
  const far = Math.abs(now - new Date(server));

  row.querySelector("time").dateTime = now.toISOString();
  row.hidden = false;
  for (const time of document.querySelectorAll("time[datetime]")) time.textContent = local(new Date(time.dateTime), lang);

  if (published && now < new Date(published)) note.textContent = note.dataset.behind;
  else if (far > FAR) note.textContent = note.dataset.differ.replace("{n}", Math.round(far / 60_000));
  note.hidden = !note.textContent;
}

function local(time, lang) {
  return time.toLocaleString(LOCALES[lang] ?? lang, { dateStyle: "medium", timeStyle: "short" });
}

if (document.getElementById("device")) compare(document.documentElement.lang);
