// Keeps answers on this device until the server has confirmed them. Pages work without this file.
//
// A change goes into IndexedDB at once (durability "strict": measured, a killed browser loses nothing,
// while localStorage loses the last seconds), then to the server. Confirmed answers are deleted here.
// Order is (session, sequence): the server numbers pages, this file counts the changes on its page.

const person = document.body.dataset.uid ?? ''
const form = document.querySelector('form[data-outbox]')
const note = document.querySelector('.save')
const FIRST_WAIT = 4000, LONGEST_WAIT = 60000, GIVE_UP = 15000, TOGETHER = 300, PATIENCE = 700 // milliseconds

let token = document.querySelector('input[name=csrfmiddlewaretoken]')?.value ?? ''
let sequence = 0, timer = 0, wait = 0, sending = null
let stale = false // a question of this page was answered later in another window

// --- what is kept ----------------------------------------------------------------------------------

const memory = new Map() // records that this device could not store
const database = new Promise(resolve => {
  try {
    const opening = indexedDB.open('nisane-outbox', 1)
    opening.onupgradeneeded = () => opening.result.createObjectStore('answers', { keyPath: 'key' })
    opening.onsuccess = () => resolve(opening.result)
    opening.onerror = opening.onblocked = () => resolve(null)
  } catch { resolve(null) }
})

async function inStore(mode, work) {
  const opened = await database
  if (!opened) throw new Error('no storage')
  return new Promise((resolve, reject) => {
    const transaction = opened.transaction('answers', mode, { durability: 'strict' })
    const request = work(transaction.objectStore('answers'))
    transaction.oncomplete = () => resolve(request?.result)
    transaction.onerror = transaction.onabort = () => reject(transaction.error)
  })
}

const everything = () => IDBKeyRange.bound(`${person}:`, `${person}:\uffff`)
const same = (one, other) => one?.session === other.session && one?.sequence === other.sequence

async function put(record) {
  memory.set(record.key, record)
  await inStore('readwrite', store => store.put(record))
  if (same(memory.get(record.key), record)) memory.delete(record.key)
}

async function kept() {
  const stored = await inStore('readonly', store => store.getAll(everything())).catch(() => [])
  const all = new Map(stored.map(record => [record.key, record]))
  for (const [key, record] of memory) all.set(key, record)
  return [...all.values()]
}

const waiting = async () => (await kept()).filter(record => !record.refused)

async function drop(record) { // unless it was changed meanwhile
  if (same(memory.get(record.key), record)) memory.delete(record.key)
  await inStore('readwrite', store => {
    const found = store.get(record.key)
    found.onsuccess = () => { if (same(found.result, record)) store.delete(record.key) }
    return found
  }).catch(() => {})
}

async function refuse(record, why) { // it stays here to be told of, unless it was changed meanwhile
  const told = { ...record, refused: why }
  if (same(memory.get(record.key), record)) memory.set(record.key, told)
  await inStore('readwrite', store => {
    const found = store.get(record.key)
    found.onsuccess = () => { if (same(found.result, record)) store.put(told) }
    return found
  }).catch(() => {})
}

async function forget() {
  memory.clear()
  await inStore('readwrite', store => store.delete(everything())).catch(() => {})
}

// --- what the page says ----------------------------------------------------------------------------

let saying = 0

function say(state, count = 0, at = '', words = '') {
  clearTimeout(saying)
  saying = 0
  if (!note) return
  const text = note.dataset[state].replace('{n}', count).replace('{t}', at).replace('{w}', words)
  if (note.lastElementChild.textContent !== text) note.lastElementChild.textContent = text // read aloud once
  note.dataset.s = { ok: 'ok', here: '', back: '', wait: 'wait', held: 'wait', lost: 'wait', signin: 'wait', older: 'wait' }[state] ?? 'stop'
  note.dataset.state = state
  note.hidden = false
  for (const way of document.querySelectorAll('[data-for]')) way.hidden = !way.dataset.for.split(' ').includes(state)
}

const fieldsets = () => (form ? [...form.querySelectorAll('fieldset[data-question]')] : [])
const questionOf = element => element.dataset.question ?? element.closest('fieldset[data-question]')?.dataset.question
const controls = ({ dataset: { question } }) => // passages are ticked in a material, outside the fieldset
  [...form.elements].filter(element => element.name && questionOf(element) === question)
const isChosen = element => (element.matches('select') ? element.value !== '' : element.checked)

function count() {
  const answered = fieldsets().filter(fieldset => {
    const all = controls(fieldset), chosen = all.filter(isChosen)
    const order = all.every(element => element.closest('.order')) // two steps in one place are no order yet
    if (order && new Set(chosen.map(element => element.value)).size < all.length) return false
    const named = new Set(chosen.map(element => element.name))
    return all.every(element => named.has(element.name))
  })
  const place = document.querySelector('[data-answered]')
  if (place) place.textContent = `${answered.length} / ${fieldsets().length}`
}

// --- from the page into the box, and back -------------------------------------------------------------

const keyOf = fieldset => `${person}:${form.dataset.outbox}:${fieldset.dataset.question}`

function recordOf(fieldset) {
  const chosen = controls(fieldset).filter(isChosen), fields = {}
  for (const element of chosen) (fields[element.name] ??= []).push(element.value)
  return {
    key: keyOf(fieldset), url: form.dataset.url, content: form.dataset.content,
    session: +form.dataset.session, sequence: ++sequence, question: fieldset.dataset.question, fields,
    words: [fieldset.querySelector('legend').innerText, ...chosen.map(wordsOf)],
  }
}

function wordsOf(element) {
  if (element.matches('select')) return `${oneLine(element.closest('li'), 'label, span')}: ${element.selectedOptions[0].text}`
  const row = element.closest('[role=radiogroup]')?.getAttribute('aria-labelledby')
  const own = oneLine(element.closest('label'))
  return row ? `${oneLine(document.getElementById(row))}: ${own}` : own
}

const oneLine = (element, part) => (part ? element.querySelector(part) : element).textContent.trim().replace(/\s+/g, ' ')

async function keep(fieldset) {
  saying ||= setTimeout(() => { saying = 0; say('here') }, PATIENCE) // most answers are on the server sooner
  await put(recordOf(fieldset)).catch(() => say('full', memory.size))
  clearTimeout(timer)
  timer = setTimeout(flush, TOGETHER)
}

async function restore() { // what was not sent before, where the server has nothing newer
  const records = new Map((await waiting()).map(record => [record.key, record]))
  for (const fieldset of fieldsets()) {
    const record = records.get(keyOf(fieldset)), { session, sequence } = fieldset.dataset
    if (!record || record.session < +session || record.session === +session && record.sequence <= +sequence) continue
    for (const element of controls(fieldset)) {
      const given = record.fields[element.name] ?? []
      if (element.matches('select')) element.value = given[0] ?? ''
      else element.checked = given.includes(element.value)
    }
  }
  count()
}

// --- to the server ---------------------------------------------------------------------------------

async function ask(url, options = {}) {
  const stop = new AbortController(), limit = setTimeout(() => stop.abort(), GIVE_UP)
  try {
    const headers = { Accept: 'application/json', 'X-CSRFToken': token, ...options.headers }
    return await fetch(url, { redirect: 'manual', keepalive: true, signal: stop.signal, ...options, headers })
  } catch { return null } finally { clearTimeout(limit) }
}

const isJson = answer => answer.headers.get('Content-Type')?.startsWith('application/json')

async function renewed(answer) { // after signing in again the page's token is old
  if (!answer?.ok || !isJson(answer)) return false
  const found = await answer.json().catch(() => ({}))
  if (found.person !== person) return false
  token = found.token
  for (const input of document.querySelectorAll('input[name=csrfmiddlewaretoken]')) input.value = token
  return true
}

async function send(records, again = true) {
  const [{ url, content, session }] = records
  const answers = records.map(({ question, sequence, fields }) => ({ question, sequence, fields }))
  const body = JSON.stringify({ content, session, answers })
  const answer = await ask(url, { method: 'POST', body, headers: { 'Content-Type': 'application/json' } })
  if (!answer) return { state: 'wait' }
  if (answer.ok && isJson(answer)) {
    const { at, later } = await answer.json()
    stale ||= later.length > 0 && session === +form?.dataset.session
    return { state: 'ok', at, done: true, later }
  }
  if (answer.status === 403 && !isJson(answer) && again && await renewed(await ask(url))) return send(records, false)
  if (answer.type === 'opaqueredirect' || [401, 403].includes(answer.status)) return { state: 'signin' }
  if (answer.status === 409) return { state: 'late', refused: true }
  if ([400, 404, 413].includes(answer.status)) return { state: 'refused', refused: true }
  return { state: 'wait' } // overloaded, restarting: try again
}

function parcels(records) { // what one request may carry
  const found = new Map()
  for (const record of records) {
    const name = `${record.url} ${record.session}`
    found.set(name, [...(found.get(name) ?? []), record])
  }
  return [...found.values()]
}

async function sendAll() {
  clearTimeout(timer)
  let result = { state: 'ok' }, at = ''
  for (const records of parcels(await waiting())) {
    const answer = await send(records)
    for (const record of records) {
      if (answer.refused) await refuse(record, answer.state)
      else if (answer.later?.includes(record.question)) await refuse(record, 'overtaken') // told once the page is new
      else if (answer.done) await drop(record)
    }
    at = answer.at ?? at
    if (answer.state !== 'ok') result = answer
    if (answer.state === 'wait' || answer.state === 'signin') break
  }
  return { ...result, at }
}

// "done" when everything of this person is on the server and this page shows what counts, "more" when
// something was changed while the rest was sent, "stopped" when the note says why not.
function flush() {
  sending ??= settle().finally(() => { sending = null })
  return sending
}

async function settle() {
  const { state, at } = await sendAll()
  const all = await kept(), left = all.filter(record => !record.refused)
  if (left.length && state === 'ok') timer = setTimeout(flush, TOGETHER) // changed while it was sent
  else if (state !== 'ok') say(memory.size && state === 'wait' ? 'full' : state, all.length)
  else if (stale) say('older')
  else if (all.length) say(all[0].refused, all.length, '', all[0].words.slice(1).join(', '))
  else if (at) say('ok', 0, at)
  wait = state === 'wait' ? Math.min(LONGEST_WAIT, wait * 2 || FIRST_WAIT) : 0
  if (wait) timer = setTimeout(flush, wait * (0.75 + Math.random() / 2))
  if (state !== 'ok' || stale) return 'stopped'
  return left.length ? 'more' : 'done'
}

// Whether everything is there: what is on the way and what was changed meanwhile is waited for, on a slow line too.
async function flushed() {
  let result = await flush()
  for (let tries = 0; result === 'more' && tries < 3; tries++) result = await flush()
  return result === 'done'
}

// --- the last resort -------------------------------------------------------------------------------

async function download(name) {
  const records = await kept()
  const text = records.map(({ words, question, session, sequence }) =>
    [`${question} (${session}.${sequence})`, ...words].join('\n')).join('\n\n')
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([text, '\n'], { type: 'text/plain;charset=utf-8' }))
  link.download = `${name}-${form?.dataset.outbox ?? person}.txt`
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60000)
}

// --- when ------------------------------------------------------------------------------------------

// Closing, once at a time: `ready` says whether all is there. The page goes on only when the server has answered.
async function closing(event, ready) {
  const { target, submitter } = event
  if (target.dataset.sent === 'yes') return // what the server refuses, the browser posts, and shows why
  event.preventDefault()
  if (target.dataset.sent) return // pressed twice
  target.dataset.sent = 'asked'
  const button = submitter ?? target.querySelector('[type=submit]')
  if (!await ready(button) || !await led(target, button)) delete target.dataset.sent
}

async function submitted(button) {
  const done = await flushed()
  if (button.value === 'save') return false
  if (!done) return unsent()
  if (!await reached(form.dataset.url)) return false
  const shown = (await kept()).filter(record => record.refused !== 'overtaken')
  form.elements.saved.value = shown.length ? '' : 'yes' // what the server has, newer perhaps, stands
  return true
}

async function led(target, button) {
  const body = new URLSearchParams(new FormData(target))
  if (button.name) body.set(button.name, button.value)
  const answer = await ask(target.action, { method: 'POST', body })
  const next = answer?.ok && isJson(answer) && await answer.json().catch(() => null)
  if (next) location.assign(next.next)
  else if (!answer || next === null || answer.type === 'opaqueredirect' || [502, 504].includes(answer.status)) return hold(answer, 'lost')
  else {
    target.dataset.sent = 'yes'
    target.requestSubmit(button)
  }
  return true
}

// Whether the server answers this person now: else nothing is posted, and the page stays instead of an error.
async function reached(url) {
  const answer = await ask(url)
  return await renewed(answer) || hold(answer, answer?.ok && isJson(answer) ? 'signin' : 'held')
}

async function hold(answer, state) {
  say(answer?.status === 401 || answer?.type === 'opaqueredirect' ? 'signin' : state, (await kept()).length)
  note?.focus()
  return false
}

async function finishing(target) {
  if (await flushed()) return reached(target.dataset.reach)
  return unsent()
}

// Once closed, what is still here would come too late.
function unsent() {
  if (note?.dataset.state === 'wait') return hold(null, 'held')
  note?.focus()
  return false
}

async function understood() {
  for (const record of await kept()) if (record.refused) await drop(record)
  note.hidden = true
  for (const way of document.querySelectorAll('[data-for]')) way.hidden = true
}

async function signingOut(event) {
  event.preventDefault()
  const asked = note?.dataset.state === 'leaving'
  await flushed()
  const left = (await kept()).length
  if (left && note && !asked) {
    say('leaving', left)
    return note.focus()
  }
  await forget() // nothing stays on a computer that others use
  event.target.submit()
}

if (person) {
  if (form) {
    for (const button of form.querySelectorAll('[data-plain]')) button.hidden = true // each change is saved
    restore()
    navigator.storage?.persist?.()
    document.addEventListener('change', event => { // on document: after "none of these" has cleared the rest
      const asked = questionOf(event.target), fieldset = fieldsets().find(each => each.dataset.question === asked)
      if (!asked || !fieldset || event.target.form !== form) return
      count()
      keep(fieldset)
    })
    form.addEventListener('submit', event => closing(event, submitted))
  }
  const nudge = () => { if (!document.hidden) flush() }
  addEventListener('online', () => { if (['held', 'lost'].includes(note?.dataset.state)) say('back'); nudge() })
  addEventListener('pageshow', () => { for (const sent of document.querySelectorAll('[data-sent]')) delete sent.dataset.sent; nudge() })
  document.addEventListener('visibilitychange', nudge)
  document.addEventListener('timeover', flush)
  addEventListener('beforeunload', event => { if (memory.size) event.preventDefault() })
  document.querySelector('[data-download]')?.addEventListener('click', event => download(event.target.dataset.download))
  document.querySelector('[data-understood]')?.addEventListener('click', understood)
  for (const ending of document.querySelectorAll('form[data-reach]')) ending.addEventListener('submit', event => closing(event, () => finishing(ending)))
  for (const way of document.querySelectorAll('form[data-signout]')) way.addEventListener('submit', signingOut)
}
