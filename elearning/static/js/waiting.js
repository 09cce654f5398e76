// A page that waits for something being made: asks its own address for {"ready": …} and reloads when it is.
// Markup: an element with data-waiting, inside it a link to this page for whoever has no script.
const waiting = document.querySelector("[data-waiting]");
let wait = 1500;

async function ask() {
  try {
    const answer = await fetch(location.href, { headers: { Accept: "application/json" } });
    if (answer.ok && (await answer.json()).ready) {
      location.reload();
      return;
    }
  } catch {
    // offline for a moment: ask again
  }
  wait = Math.min(wait * 1.5, 15000);
  setTimeout(ask, wait);
}

if (waiting) setTimeout(ask, wait);
