// Keeps "31 min left" true. Without this file the page says until when; the server decides in any case.

const line = document.querySelector('.left[data-seconds]')
if (line) {
  const end = Date.now() + line.dataset.seconds * 1000 // counted from here: this device's clock may be wrong
  const [minutes, rest] = [line.querySelector('b'), line.querySelector('.l')]
  const aloud = line.querySelector('[role=status]')
  const told = new Set()
  let over = false

  const show = () => {
    const left = Math.ceil((end - Date.now()) / 60000)
    const text = left > 1 || end - Date.now() > 60000 ? line.dataset.minutes.replace('{n}', left) : line.dataset.last
    if (minutes.textContent !== text) minutes.textContent = text
    rest.hidden = false
    for (const mark of [10, 5, 1]) { // read aloud, once each
      if (left <= mark && left > 0 && !told.has(mark)) {
        if (left === mark) aloud.textContent = line.dataset.soon.replace('{n}', left)
        told.add(mark)
      }
    }
    if (Date.now() < end || over) return
    over = true
    document.dispatchEvent(new Event('timeover')) // the outbox sends what it has
    setTimeout(() => location.assign(line.dataset.over), 3000)
  }
  show()
  setInterval(show, 1000)
}
