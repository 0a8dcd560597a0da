// Asks for the part with id "progress" again until the work is finished; for pages that do not load htmx.
// Without this script the part holds a link that loads the page again.
//
// <div id="progress" data-poll="/address/of/the/part">…</div>; the answer is that part again, without data-poll when done.

const EVERY = 2000;

async function poll() {
  const part = document.getElementById("progress");
  if (!part?.dataset.poll) return;
  const answer = await fetch(part.dataset.poll, { headers: { "HX-Request": "true" }, credentials: "same-origin" });
  if (answer.ok) {
    const next = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("progress");
    if (next) part.replaceWith(document.adoptNode(next));
  }
  setTimeout(poll, EVERY);
}

setTimeout(poll, EVERY);
