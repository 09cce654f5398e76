// Behaviours of every page. All optional: each page works without this file.

// After a failed submit: move to the error summary.
document.querySelector('.errs')?.focus()

// "None of these" clears the other choices, and the other way round.
document.addEventListener('change', event => {
  const chosen = event.target
  if (chosen.type !== 'checkbox' || !chosen.checked || !chosen.form) return
  for (const other of chosen.form.elements) // those that stand elsewhere and belong to the form too
    if (other.name === chosen.name && other !== chosen && (chosen.hasAttribute('data-alone') || other.hasAttribute('data-alone'))) other.checked = false
})

// Languages of a page: the part after # never reaches the server, so it is added here, at the last moment.
document.addEventListener('click', event => {
  const link = event.target.closest?.('a[data-keep-hash]')
  if (link) link.hash = location.hash
})

// A page made for paper has a button that prints it.
for (const button of document.querySelectorAll('[data-print]')) {
  button.hidden = false
  button.addEventListener('click', () => print())
}

// The account menu and the groups of the main menu close with Escape and with a click elsewhere.
for (const menu of document.querySelectorAll('.me, .grp, .nav-s details')) {
  document.addEventListener('click', event => { if (!menu.contains(event.target)) menu.open = false })
  menu.addEventListener('keydown', event => {
    if (event.key === 'Escape' && menu.open) { menu.open = false; menu.querySelector('summary').focus() }
  })
}

// Signing out where answers wait on this device: the page of signing out sends or deletes them first.
const out = document.querySelector('form[data-signout]')
if (out && !document.querySelector('.save')) {
  out.addEventListener('submit', async event => {
    event.preventDefault()
    if (await answerWaiting().catch(() => null)) location.assign(out.action)
    else out.submit()
  })
}

// Answers that a session left behind: home leads to the page that gave them, which sends them.
const unsent = document.querySelector('[data-unsent]')
if (unsent) {
  answerWaiting().then(answer => {
    if (answer) unsent.querySelector('a').href = answer.url.replace(/answers\/$/, '')
    unsent.hidden = !answer
  }, () => {})
}

function answerWaiting() { // the first one in the box of outbox.js
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open('nisane-outbox', 1), own = `${document.body.dataset.uid}:`
    opening.onupgradeneeded = () => opening.transaction.abort() // there has been none
    opening.onerror = opening.onblocked = reject
    opening.onsuccess = () => {
      const asking = opening.result.transaction('answers').objectStore('answers').get(IDBKeyRange.bound(own, `${own}\uffff`))
      asking.onsuccess = () => resolve(asking.result)
      asking.onerror = reject
    }
  })
}

// A form sent twice by an impatient finger is sent once. Without a connection it is not sent, and keeps what was typed.
const dead = document.querySelector('.dead')
const reached = new Set()
document.addEventListener('submit', event => {
  const form = event.target
  if (event.defaultPrevented || form.method !== 'post' || form.dataset.outbox !== undefined) return
  if (dead && !navigator.onLine && !reached.has(form)) {
    event.preventDefault()
    // A browser without a network calls itself offline, also where the site runs on the same machine.
    fetch('/livez', { cache: 'no-store' }).then(() => {
      reached.add(form)
      form.requestSubmit(event.submitter)
      reached.delete(form)
    }, () => { dead.hidden = false })
  }
  else if (Date.now() - form.dataset.sent < 5000) event.preventDefault()
  else form.dataset.sent = Date.now()
})
if (dead) addEventListener('online', () => { dead.hidden = true })
