// The page of a job: asks its own address how far the work is, and loads itself again when it has ended.
// Markup: an element with data-job that holds a <progress> and an element with role="status".
const job = document.querySelector('[data-job]')
const bar = job?.querySelector('progress')
const words = job?.querySelector('[role=status]')
const EVERY = 2000

async function ask() {
  if (document.hidden) return
  try {
    const answer = await fetch(location.href, { headers: { Accept: 'application/json' } })
    if (!answer.ok) return
    const now = await answer.json()
    if (now.ended) return location.reload()
    if (now.total === null) bar.removeAttribute('value')
    else Object.assign(bar, { max: now.total || 1, value: now.done })
    if (words.textContent !== now.words) words.textContent = now.words
  } catch {
    // offline for a moment: ask again
  }
}

if (job) setInterval(ask, EVERY)
