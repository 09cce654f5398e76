// Passkeys: a form marked data-passkey asks the browser for a key and sends what it answers.
// Without this file, or in a browser without passkeys, the form stays hidden: other ways stand beside it.

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0))
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
  .replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')

const keys = (list) => (list || []).map((key) => ({ ...key, id: bytes(key.id) }))

const ASK = {
  async create ({ publicKey: asked }) {
    const publicKey = {
      ...asked,
      challenge: bytes(asked.challenge),
      user: { ...asked.user, id: bytes(asked.user.id) },
      excludeCredentials: keys(asked.excludeCredentials),
      // so that it opens without a password too, where the device can
      authenticatorSelection: { ...asked.authenticatorSelection, residentKey: 'preferred', userVerification: 'preferred' }
    }
    const made = await navigator.credentials.create({ publicKey })
    return told(made, {
      attestationObject: text(made.response.attestationObject),
      transports: made.response.getTransports ? made.response.getTransports() : []
    })
  },
  async get ({ publicKey: asked }) {
    const publicKey = { ...asked, challenge: bytes(asked.challenge), allowCredentials: keys(asked.allowCredentials) }
    const shown = await navigator.credentials.get({ publicKey })
    const { authenticatorData, signature, userHandle } = shown.response
    return told(shown, {
      authenticatorData: text(authenticatorData),
      signature: text(signature),
      userHandle: userHandle ? text(userHandle) : null
    })
  }
}

const told = (credential, response) => ({
  id: credential.id,
  rawId: text(credential.rawId),
  type: credential.type,
  clientExtensionResults: credential.getClientExtensionResults(),
  authenticatorAttachment: credential.authenticatorAttachment,
  response: { clientDataJSON: text(credential.response.clientDataJSON), ...response }
})

const optionsOf = async (form) => {
  const kept = form.querySelector('#passkey-options')
  if (kept) return JSON.parse(kept.textContent)
  const answer = await fetch(form.action, { headers: { Accept: 'application/json' } })
  if (!answer.ok) throw new Error(answer.status)
  return (await answer.json()).request_options
}

const ask = async (form) => {
  const failed = form.querySelector('[data-failed]')
  const button = form.querySelector('button')
  failed.hidden = true
  button.disabled = true
  try {
    const options = await optionsOf(form)
    const found = await ASK[form.dataset.passkey](options.creation_options || options.request_options || options)
    form.elements.credential.value = JSON.stringify(found)
    form.submit()
  } catch {
    failed.hidden = false
    button.disabled = false
  }
}

const can = window.PublicKeyCredential && navigator.credentials
for (const notice of document.querySelectorAll('[data-cannot]')) notice.hidden = Boolean(can)
if (can) {
  for (const form of document.querySelectorAll('form[data-passkey]')) {
    form.hidden = false
    form.addEventListener('submit', (event) => {
      event.preventDefault()
      ask(form)
    })
  }
}
