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
  show(localStorage.getItem(KEY) ?? "az en ru");
  group.addEventListener("click", (event) => {
    const languages = event.target.closest("[data-show]")?.dataset.show;
    if (languages) {
      localStorage.setItem(KEY, languages);
      show(languages);
    }
  });
  // Spelling is checked in the language of the column.
  for (const language of ["az", "en", "ru"]) {
    for (const column of document.querySelectorAll(`.lang-${language}`)) column.lang = language;
  }
}
