// Reads the signed QR token after # on this device: base32 → COSE_Sign1 (Ed25519) → name and agency.
// Nothing of it is sent. The key comes from did.json; what the token says must agree with the page.

const page = document.querySelector('[data-facts]')
const facts = JSON.parse(page.dataset.facts)
const fragment = location.hash.slice(1)
const show = id => { document.getElementById(id).hidden = false }

// Not the token's fault: no connection, or a browser that cannot verify. All else is a token that is not ours.
class NotRead extends Error {}

function require(condition) {
  if (!condition) throw new Error('not a token of ours')
}

function base32(text) {
  require(/^[A-Z2-7]+$/.test(text) && text.length < 2000)
  const bytes = []
  let bits = 0, value = 0
  for (const letter of text) {
    value = (value << 5 | 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter)) & 0xfff
    if ((bits += 5) >= 8) bytes.push(value >> (bits -= 8) & 0xff)
  }
  return Uint8Array.from(bytes)
}

// The part of CBOR that a token uses: integers, byte and text strings, arrays, maps, one tag.
function cbor(bytes) {
  let at = 0
  const size = extra => {
    if (extra < 24) return extra
    require(extra <= 27)
    let number = 0
    for (let n = 1 << extra - 24; n--;) number = number * 256 + bytes[at++]
    return number
  }
  const item = depth => {
    require(at < bytes.length && depth < 8)
    const first = bytes[at++], kind = first >> 5, number = size(first & 31)
    if (kind === 0) return number
    if (kind === 1) return -1 - number
    if (kind === 2 || kind === 3) {
      require(at + number <= bytes.length)
      const part = bytes.slice(at, at += number)
      return kind === 2 ? part : new TextDecoder('utf-8', { fatal: true }).decode(part)
    }
    if (kind === 4) return Array.from({ length: number }, () => item(depth + 1))
    if (kind === 5) return new Map(Array.from({ length: number }, () => [item(depth + 1), item(depth + 1)]))
    require(kind === 6)
    return { tag: number, value: item(depth + 1) }
  }
  const found = item(0)
  require(at === bytes.length)
  return found
}

function head(kind, number) {
  if (number < 24) return [kind << 5 | number]
  return number < 256 ? [kind << 5 | 24, number] : [kind << 5 | 25, number >> 8, number & 255]
}

function signedBytes(prot, payload) {
  const external = new TextEncoder().encode(facts.id)
  const text = new TextEncoder().encode('Signature1')
  const string = part => [...head(2, part.length), ...part]
  return Uint8Array.from([...head(4, 4), ...head(3, text.length), ...text, ...string(prot), ...string(external), ...string(payload)])
}

function base58(text) {
  const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
  let number = 0n
  for (const letter of text) number = number * 58n + BigInt(alphabet.indexOf(letter))
  const hex = number.toString(16)
  return Uint8Array.from((hex.length % 2 ? '0' + hex : hex).match(/../g), byte => parseInt(byte, 16))
}

async function published(kid, cache) {
  const did = await fetch('/.well-known/did.json', { credentials: 'omit', cache })
    .then(response => response.ok ? response.json() : null).catch(() => null)
  if (!did) throw new NotRead()
  return did.verificationMethod.find(one => one.id === `${did.id}#${kid}`)
}

async function publicKey(kid) {
  require(kid.startsWith('qr-'))
  // A copy that the browser keeps may be older than the key.
  const method = await published(kid, 'default') ?? await published(kid, 'reload')
  require(method)
  const key = base58(method.publicKeyMultibase.slice(1))
  require(key.length === 34 && key[0] === 0xed && key[1] === 0x01)
  return key.slice(2)
}

async function verify(signature, message, key) {
  try {
    const imported = await crypto.subtle.importKey('raw', key, 'Ed25519', false, ['verify'])
    return await crypto.subtle.verify('Ed25519', imported, signature, message)
  } catch { // a browser without Ed25519
    return import(page.dataset.fallback)
      .then(noble => noble.verifyAsync(signature, message, key, { zip215: false }))
      .catch(() => { throw new NotRead() })
  }
}

function agrees(payload) {
  const [, , qualification, revocation, suspension] = payload.get(-65537)
  const seconds = text => Date.parse(text) / 1000
  return !facts.from || (
    qualification === facts.qualification && payload.get(5) === seconds(facts.from) && payload.get(4) === seconds(facts.until) &&
    String(revocation) === String(facts.revocation) && String(suspension) === String(facts.suspension))
}

async function read() {
  const token = cbor(base32(fragment))
  require(token.tag === 18 && token.value.length === 4)
  const [prot, bare, payload, signature] = token.value
  const header = cbor(prot)
  require(bare.size === 0 && header.size === 2 && header.get(1) === -8 && signature.length === 64)
  const kid = new TextDecoder().decode(header.get(4))
  require(await verify(signature, signedBytes(prot, payload), await publicKey(kid)))
  const said = cbor(payload)
  require(agrees(said))
  const [name, agency] = said.get(-65537)
  return { name, agency, kid }
}

// In the page's language where its name is still the one that was signed; the whole list, so that nobody is told which.
async function translateAgency(signed) {
  const here = document.documentElement.lang
  const names = await fetch(page.dataset.agencies, { credentials: 'omit' })
    .then(response => response.ok ? response.json() : {}).catch(() => ({}))
  if (!Object.hasOwn(names, signed)) return
  const shown = document.querySelector('[data-agency]'), kept = document.querySelector('[data-signed-agency]')
  shown.textContent = names[signed]
  shown.lang = here
  kept.textContent = signed
  kept.parentElement.hidden = false
}

function reveal(said) {
  for (const part of document.querySelectorAll('[data-hidden-bearer]')) part.hidden = true
  for (const id of ['bearer', 'qr-check', 'identity']) show(id)
  document.querySelector('[data-name]').textContent = said.name
  document.querySelector('[data-agency]').textContent = said.agency
  if (document.documentElement.lang === 'en') translateAgency(said.agency)
  const asked = document.querySelector('[data-translate]') // in Russian: with its fonts the first page would be over 60 KB
  asked?.addEventListener('click', () => { asked.hidden = true; translateAgency(said.agency) })
  document.querySelector('[data-key]').textContent = said.kid
}

// The paper does not hold, whatever the state of the certificate that has this number.
function warn() {
  const text = id => document.getElementById(id).content.cloneNode(true)
  const verdict = document.querySelector('[data-verdict]')
  verdict.setAttribute('role', 'alert')
  verdict.replaceChildren(text('forged-verdict'))
  for (const part of ['advice', 'checks', 'meaning']) {
    document.querySelector(`[data-${part}]`).replaceChildren(text(`forged-${part}`))
  }
  document.querySelector('.doc').classList.remove('framed')
  document.title = document.querySelector('h1').textContent
}

document.querySelector('[data-forget]')?.addEventListener('click', () => {
  history.replaceState(null, '', location.pathname + location.search)
  location.reload()
})
addEventListener('hashchange', () => location.reload())

if (fragment) read().then(reveal, error => error instanceof NotRead ? show('not-read') : warn())
