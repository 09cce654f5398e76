// A pasted link may carry a name after #: it is dropped here, before anything is sent.
const field = document.querySelector('input[data-drop-hash]')
const drop = () => { field.value = field.value.split(/#|%23/)[0].trim() }

field?.addEventListener('paste', () => setTimeout(drop))
field?.form.addEventListener('submit', drop)
