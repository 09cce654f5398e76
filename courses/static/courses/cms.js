// Which languages the editor shows. The choice is kept in this browser.
const KEY = "nisane-cms-languages";

function show(languages) {
  document.body.dataset.languages = languages;
  for (const button of document.querySelectorAll("[data-language-switch] [data-show]")) {
    button.setAttribute("aria-pressed", String(button.dataset.show === languages));
  }
}

const group = document.querySelector("[data-language-switch]");
if (group) {
  const all = [...group.querySelectorAll("[data-show]")].at(-1).dataset.show;
  show(localStorage.getItem(KEY) ?? all);
  group.addEventListener("click", (event) => {
    const languages = event.target.closest("[data-show]")?.dataset.show;
    if (languages) {
      localStorage.setItem(KEY, languages);
      show(languages);
    }
  });
  // Spelling is checked in the language of the column.
  for (const language of all.split(" ")) {
    for (const column of document.querySelectorAll(`.lang-${language}`)) column.lang = language;
  }
}
