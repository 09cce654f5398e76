"""Room on a page: targets that a finger meets, text that is not cut and lies on no other text."""

from playwright.sync_api import Page

# At least 24 × 24 CSS pixels (WCAG 2.2, 2.5.8). A link within a sentence is as high as its line, and is left out; a
# choice is touched by its label too; what is moved off the screen until it is focused is not touched.
SMALL = """() => {
  const touched = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button]'
  const inSentence = one => getComputedStyle(one).display === 'inline'
    && [...one.parentElement.childNodes].some(each => each.nodeType === 3 && /\\p{L}{2}/u.test(each.textContent))
  const size = one => {
    const all = one.matches('[type=checkbox], [type=radio]') ? [one, ...one.labels] : [one]
    const boxes = all.flatMap(each => [...each.getClientRects()]).filter(box => box.width > 1)
    const of = (least, most) => Math.max(...boxes.map(box => box[most])) - Math.min(...boxes.map(box => box[least]))
    return [of('left', 'right'), of('top', 'bottom')]
  }
  return [...document.querySelectorAll(touched)]
    .filter(one => one.checkVisibility({ visibilityProperty: true }) && !one.matches('.skip') && !inSentence(one))
    .map(one => [one, size(one)])
    .filter(([, sides]) => sides.some(side => side > 1 && side < 23.9))
    .map(([one, sides]) => `${sides.map(Math.round).join(' × ')}: ${one.outerHTML.slice(0, 120)}`)
}"""

# Lines of text as the browser has set them. Of each the middle counts: ascenders of one line may reach into another.
CROWDED = """() => {
  const lines = [], found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  const hidden = one => one.closest('.vh, .skip, svg, option, script, style, [aria-hidden=true]')
    || !one.checkVisibility({ visibilityProperty: true, opacityProperty: true })
  const floats = one => {
    for (let up = one; up; up = up.parentElement) {
      const { position, overflowX, clip } = getComputedStyle(up)
      if (position === 'sticky' || position === 'fixed' || clip.startsWith('rect(0')) return 'floats'
      if (overflowX === 'auto' || overflowX === 'scroll') return 'rolls'
    }
    return ''
  }
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const holder = node.parentElement
    if (!node.textContent.trim() || hidden(holder)) continue
    const way = floats(holder)
    if (way === 'floats') continue
    const range = document.createRange()
    range.selectNodeContents(node)
    const said = node.textContent.trim().slice(0, 40)
    for (const box of range.getClientRects()) {
      if (box.width < 2) continue
      if (!way && (box.right > innerWidth + 1 || box.left < -1)) found.push(`cut at the edge: ${said}`)
      lines.push({ top: box.top + box.height * .3, bottom: box.bottom - box.height * .3, left: box.left + 1, right: box.right - 1, said, node })
    }
    const { overflowX, overflowY } = getComputedStyle(holder)
    if ([overflowX, overflowY].some(way => way === 'hidden' || way === 'clip')
      && (holder.scrollWidth > holder.clientWidth + 1 || holder.scrollHeight > holder.clientHeight + 1)) {
      found.push(`cut: ${said}`)
    }
  }
  lines.sort((one, other) => one.top - other.top)
  lines.forEach((one, at) => {
    for (let next = at + 1; next < lines.length && lines[next].top < one.bottom; next++) {
      const other = lines[next]
      if (other.node !== one.node && other.left < one.right && one.left < other.right) {
        found.push(`“${one.said}” and “${other.said}” overlap`)
      }
    }
  })
  return [...new Set(found)]
}"""


# Words of ten letters or fewer have room on a line of a table even twice as large: none is broken to stand beside something.
BROKEN = """() => {
  const found = [], range = document.createRange()
  for (const cell of document.querySelectorAll('tbody :is(th, td)')) {
    const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node.parentElement.closest('.vh, svg, option') || !node.parentElement.checkVisibility()) continue
      for (const word of node.textContent.matchAll(/(?<![\\p{L}@.-])\\p{L}{2,10}(?![\\p{L}@-]|\\.\\p{L})/gu)) {
        range.setStart(node, word.index)
        range.setEnd(node, word.index + word[0].length)
        const boxes = [...range.getClientRects()].filter(box => box.width > 1)
        if (boxes.some(box => box.top > boxes[0].bottom - 1)) found.push(`“${word[0]}” is broken: ${node.textContent.trim()}`)
      }
    }
  }
  return [...new Set(found)]
}"""


def small_targets(page: Page) -> list[str]:
    """Return what is less than 24 pixels high or wide, one a line."""
    found: list[str] = page.evaluate(SMALL)
    return found


def crowded(page: Page) -> list[str]:
    """Return texts that are cut, run over the edge of the screen or lie on another one."""
    found: list[str] = page.evaluate(CROWDED)
    return found


def broken_words(page: Page) -> list[str]:
    """Return short words of tables that stand on two lines."""
    found: list[str] = page.evaluate(BROKEN)
    return found
