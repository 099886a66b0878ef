// This device's clock beside the server's and the list's: whoever is wrong accuses no card.

const row = document.getElementById("phone");
const note = document.getElementById("clocks");
const FAR = 5 * 60_000; // milliseconds

const lang = document.documentElement.lang;
const now = new Date();
const { server, published } = row.dataset;
const minutes = Math.round((now - new Date(server)) / 60_000);

row.querySelector("dd").textContent = `${now.toLocaleString(lang, {
  timeZone: "UTC", day: "numeric", month: "numeric", year: "numeric", hour: "2-digit", minute: "2-digit",
})} UTC`;
row.hidden = false;

if (published && now < new Date(published)) note.textContent = note.dataset.behind;
else if (Math.abs(now - new Date(server)) > FAR) note.textContent = note.dataset.differ.replace("{n}", Math.abs(minutes));
note.hidden = !note.textContent;
