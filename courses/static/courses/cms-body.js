// The body of a lesson in the editor: texts in three languages, and blocks that are one line until opened.
(() => {
  const SIGNS = { missing: "no", stale: "old", current: "ok" };
  const SUMMARY = 140; // characters of a closed block

  const element = (html) => {
    const template = document.createElement("template");
    template.innerHTML = html;
    return template.content.firstElementChild;
  };

  // --- a text in three languages ------------------------------------------------------------------

  const column = ({ rows, names }, code, name, id) => `
    <div class="lang-${code}">
      <div class="lab"><label for="${id}-${code}"><abbr title="${names[code].name}">${names[code].label}</abbr></label></div>
      <textarea name="${name}-${code}" id="${id}-${code}" lang="${code}" rows="${rows}"></textarea>
    </div>`;

  class BoundTexts {
    constructor(options, placeholder, name, id, state) {
      this.words = options.words;
      this.required = options.required;
      this.languages = Object.keys(options.names);
      [this.original, ...this.others] = this.languages;
      this.idForLabel = `${id}-${this.original}`;
      this.element = element(`<div class="w3">${this.languages.map((code) => column(options, code, name, id)).join("")}
        <input type="hidden" name="${name}-of"><input type="hidden" name="${name}-still"></div>`);
      placeholder.replaceWith(this.element);
      this.areas = {};
      for (const area of this.element.querySelectorAll("textarea")) this.areas[area.lang] = area;
      [this.ofInput, this.stillInput] = this.element.querySelectorAll("input");
      this.setState(state);
      this.element.addEventListener("input", ({ target }) => target.lang && this.typed(target.lang));
      this.element.addEventListener("click", ({ target }) => {
        const button = target.closest("[data-still]");
        if (button) this.markRight(button.dataset.still);
      });
      if (options.marks) this.element.addEventListener("keydown", (event) => this.pressed(event));
    }

    setState(state) {
      this.state = state ?? { of: {}, state: {} };
      for (const code of this.languages) this.areas[code].value = this.state[code] ?? "";
      this.ofInput.value = JSON.stringify(this.state.of ?? {});
      this.shown = { ...this.state.state };
      this.still = new Set(this.state.still ?? []);
      this.draw();
    }

    // A translation written now is of the original text of now; the original changed makes the others older.
    typed(code) {
      const text = this.areas[this.original].value.trim();
      if (code === this.original) {
        this.still.clear();
        for (const other of this.others) {
          if (!this.areas[other].value.trim()) this.shown[other] = text ? "missing" : "current";
          else this.shown[other] = text === this.state[code] ? this.state.state[other] : "stale";
        }
      } else {
        this.shown[code] = this.areas[code].value.trim() || !text ? "current" : "missing";
      }
      const wanted = this.required || this.others.some((other) => this.areas[other].value.trim());
      this.shown[this.original] = wanted && !text ? "missing" : "current";
      this.draw();
    }

    markRight(code) {
      this.still.add(code);
      this.shown[code] = "current";
      this.draw();
      this.areas[code].focus();
      this.stillInput.dispatchEvent(new Event("input", { bubbles: true })); // autosave listens
    }

    draw() {
      this.stillInput.value = [...this.still].join(" ");
      for (const code of this.languages) {
        const place = this.areas[code].parentElement;
        place.querySelectorAll(".st, .still").forEach((old) => old.remove());
        const state = this.shown[code] ?? "current";
        if (state === "current" && (code === this.original || !this.areas[code].value.trim())) continue;
        place.querySelector(".lab").append(element(`<span class="st st-${SIGNS[state]}">${this.words[state]}</span>`));
        if (state === "stale") place.append(this.remedies(code));
      }
      this.element.dispatchEvent(new CustomEvent("nisane:state", { bubbles: true }));
    }

    remedies(code) {
      const made = element(`<p class="still"><button type="button" class="button button-small button-secondary" data-still="${code}">${this.words.still}</button></p>`);
      const address = document.querySelector("[data-side-by-side]")?.dataset.sideBySide;
      if (address) {
        const link = element(`<a target="_blank">${this.words.changed}</a>`);
        link.href = address;
        made.append(link);
      }
      return made;
    }

    pressed(event) {
      const sign = { b: "**", i: "*" }[event.key];
      if (!sign || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      const { value, selectionStart, selectionEnd } = event.target;
      const chosen = value.slice(selectionStart, selectionEnd);
      document.execCommand("insertText", false, sign + chosen + sign); // keeps the browser's undo
    }

    getState() {
      const texts = Object.fromEntries(this.languages.map((code) => [code, this.areas[code].value]));
      return { ...texts, of: JSON.parse(this.ofInput.value), still: [...this.still], state: { ...this.shown } };
    }

    getValue() { return this.getState(); }
    getTextLabel(options) { return this.areas[this.original].value.slice(0, options?.maxLength ?? SUMMARY); }
    setInvalid(invalid) { this.areas[this.original].toggleAttribute("aria-invalid", invalid); }
    focus() { this.areas[this.original].focus(); }
  }

  class Texts {
    constructor(options) { this.options = options; }
    render(placeholder, name, id, state) {
      return new BoundTexts(this.options, placeholder, name, id, state);
    }
  }

  // --- a picture, sent when it is chosen: the form holds its name -----------------------------------

  class BoundPicture {
    constructor(options, placeholder, name, id, state) {
      Object.assign(this, options);
      this.idForLabel = id;
      this.element = element(`<div class="picture"><img alt="" hidden>
        <input type="file" id="${id}" accept="image/jpeg,image/png,image/webp"><p role="status"></p>
        <input type="hidden" name="${name}"></div>`);
      placeholder.replaceWith(this.element);
      [this.file, this.input] = this.element.querySelectorAll("input");
      this.status = this.element.querySelector("p");
      this.setState(state);
      this.file.addEventListener("change", () => this.send());
    }

    async send() {
      const [chosen] = this.file.files;
      if (!chosen) return;
      this.status.textContent = this.words.sending;
      const form = new FormData();
      form.append("picture", chosen);
      const { CSRF_HEADER_NAME, CSRF_TOKEN } = window.wagtailConfig;
      try {
        const answer = await fetch(this.address, { method: "POST", body: form, headers: { [CSRF_HEADER_NAME]: CSRF_TOKEN } });
        const { name, error } = await answer.json();
        this.status.textContent = error ?? this.words.sent;
        if (name) {
          this.setState(name);
          this.input.dispatchEvent(new Event("input", { bubbles: true })); // autosave listens
        }
      } catch {
        this.status.textContent = this.words.failed;
      }
      this.file.value = "";
    }

    setState(state) {
      this.input.value = state ?? "";
      const image = this.element.querySelector("img");
      image.hidden = !state;
      if (state) image.src = `${this.address}${state}/`;
    }

    getState() { return this.input.value; }
    getValue() { return this.input.value; }
    getTextLabel() { return ""; }
    setInvalid(invalid) { this.file.toggleAttribute("aria-invalid", invalid); }
    focus() { this.file.focus(); }
  }

  class Picture {
    constructor(options) { this.options = options; }
    render(placeholder, name, id, state) {
      return new BoundPicture(this.options, placeholder, name, id, state);
    }
  }

  // --- blocks that are one line until opened ------------------------------------------------------

  const isText = (state) => "of" in state && "state" in state;

  const textsIn = function* (state) {
    if (Array.isArray(state)) for (const part of state) yield* textsIn(part?.value);
    else if (state && typeof state === "object") {
      if (isText(state)) yield state;
      else for (const part of Object.values(state)) yield* textsIn(part);
    }
  };

  const newId = () => crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;

  // A copy is another block: its parts get ids of their own.
  const copied = (state) => {
    if (Array.isArray(state)) {
      return state.map((part) => (part && typeof part === "object" && "id" in part
        ? { ...part, id: newId(), value: copied(part.value) } : part));
    }
    if (!state || typeof state !== "object" || isText(state)) return state;
    return Object.fromEntries(Object.entries(state).map(([name, part]) => [name, copied(part)]));
  };

  // Codes of a block without texts: its selects.
  const codesIn = (state) => (Array.isArray(state) ? state.flatMap((part) => part?.value ?? []).join(", ") : "");

  class Folded {
    constructor(def, words, placeholder, prefix, state, error, capabilities) {
      Object.assign(this, { def, words, prefix, state, capabilities });
      this.panel = placeholder.closest("[data-panel]");
      this.input = element(`<input type="hidden" name="${prefix}-kept">`);
      this.input.value = JSON.stringify(state);
      placeholder.replaceWith(this.input);
      this.element = this.input;
      this.panel.querySelector("[data-panel-toggle]").addEventListener("wagtail:panel-toggle", ({ detail }) => {
        if (detail.expanded) this.open();
      });
      this.panel.addEventListener("nisane:state", () => this.drawStates());
      this.input.form.addEventListener("formdata", ({ formData }) => this.send(formData));
      this.drawStates();
      if (error) this.setError(error);
    }

    open() {
      if (!this.block) {
        const place = document.createElement("div");
        this.input.after(place);
        this.block = this.def.render(place, this.prefix, this.state, undefined, this.capabilities);
        this.element = this.block.element ?? this.block.container?.[0];
        this.opened = JSON.stringify(this.block.getState());
      }
      return this.block;
    }

    // A block only looked at sends what it sent while it was closed: there is nothing to save.
    send(formData) {
      if (!this.block) return;
      const kept = `${this.prefix}-kept`;
      const changed = JSON.stringify(this.block.getState()) !== this.opened;
      for (const name of [...new Set(formData.keys())]) {
        const own = name === this.prefix || name.startsWith(`${this.prefix}-`);
        if (own && changed === (name === kept)) formData.delete(name);
      }
    }

    drawStates() {
      const header = this.panel.querySelector(":scope > .w-panel__header");
      header.querySelector(":scope > .states")?.remove();
      const texts = [...textsIn(this.getState())];
      if (!texts.length) return;
      const wrong = Object.keys(this.words.labels).flatMap((code) => ["missing", "stale"].flatMap((state) => {
        const count = texts.filter((text) => text.state?.[code] === state).length;
        return count ? [this.chip(state, `${this.words.labels[code]} <span>${this.words[state]}${count > 1 ? ` ×${count}` : ""}</span>`)] : [];
      }));
      if (!wrong.length && !texts.some((text) => text[this.words.original])) return; // nothing is written, nor needed
      const chips = wrong.length ? wrong.join("") : this.chip("current", `<span>${this.words.current}</span>`);
      header.querySelector(":scope > .w-panel__divider").before(element(`<span class="states">${chips}</span>`));
    }

    chip(state, html) { return `<span class="st st-${SIGNS[state]}" title="${this.words[state]}">${html}</span>`; }

    getState() { return this.block ? this.block.getState() : this.state; }
    getValue() { return this.block ? this.block.getValue() : this.state; }
    getDuplicatedState() { return copied(this.getState()); }
    setState(state) {
      this.state = state;
      this.input.value = JSON.stringify(state);
      if (this.block) {
        this.block.setState(state);
        this.opened = JSON.stringify(this.block.getState());
      }
    }
    setError(error) { (error ? this.open() : this.block)?.setError(error); }
    setCapabilityOptions(...options) { this.block?.setCapabilityOptions?.(...options); }
    getTextLabel() {
      const state = this.getState();
      const text = textsIn(state).next().value?.[this.words.original] ?? codesIn(state);
      return text.replace(/\[([^\]]+)\]\([^)]*\)/g, "$1").replace(/^(-|\d+\.) |\*\*/gm, "").replace(/\s+/g, " ").trim().slice(0, SUMMARY);
    }
    focus(options) { this.open().focus(options); }
  }

  class FoldedDefinition {
    constructor(def, words) {
      Object.assign(this, { def, words, name: def.name, meta: def.meta });
      def.collapsible = false; // the child's own panel is the only one
    }
    render(placeholder, prefix, state, error, capabilities) {
      return new Folded(this.def, this.words, placeholder, prefix, state, error, capabilities);
    }
  }

  class FoldedStream extends window.wagtailStreamField.blocks.StreamBlockDefinition {
    constructor(name, groups, initial, meta) {
      const folded = groups.map(([group, defs]) => [group, defs.map((def) => new FoldedDefinition(def, meta.words))]);
      super(name, folded, initial, meta);
    }
  }

  window.telepath.register("nisane.Texts", Texts);
  window.telepath.register("nisane.Picture", Picture);
  window.telepath.register("nisane.FoldedStream", FoldedStream);
})();
