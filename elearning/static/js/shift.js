// The button of a shift says how many answers it gets: people × functions. Without this file it says so without a number.

const button = document.querySelector('button[data-many]'), form = button.form, words = button.textContent
const rules = new Intl.PluralRules(document.documentElement.lang)

const count = selector => form.querySelectorAll(selector).length
const show = () => {
  const whole = form.elements.everybody?.checked
  const number = count(whole ? '[name=p]:not([data-own])' : '[name=p]:checked') * count('[name=functions]:checked')
  const known = number && !form.elements.numbers.value.trim() // whom a list of numbers adds, the server finds out
  button.textContent = known ? (button.dataset[rules.select(number)] ?? button.dataset.many).replace('{n}', number) : words
}
form.addEventListener('input', show)
addEventListener('pageshow', show) // the browser may bring ticks back
