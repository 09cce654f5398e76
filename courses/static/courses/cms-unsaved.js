// Whatever is changed in a form counts as a change, from the first moment on.
//
// Wagtail takes as saved what a form holds two seconds after it opened, and what it holds when an answer to autosave
// comes. Words typed before are then never sent, and nobody is warned. Here Wagtail's controller is told what the
// server really holds: the form as it was drawn, and afterwards what was sent last.
(() => {
  const NOTHING = "?"; // equal to no form
  const controllers = new Map(); // form -> Wagtail's controller
  const typedEarly = new Set(); // forms in which somebody typed before Wagtail's scripts ran

  const watch = (form) => {
    const controller = window.wagtail.app.getControllerForElementAndIdentifier(form, "w-unsaved");
    if (!controller || controllers.has(form)) return;
    controllers.set(form, controller);
    const refused = controller.forceValue; // nothing of it was saved
    let saved = refused || typedEarly.delete(form) ? NOTHING : controller.formData;
    let sent = saved;
    form.addEventListener("w-unsaved:watch-edits", () => {
      controller.initialFormData = saved;
      controller.previousFormData = saved;
    });
    form.addEventListener("w-autosave:save", () => { sent = controller.formData; });
    form.addEventListener("w-autosave:success", () => { saved = sent; }, { capture: true }); // before Wagtail clears
    controller.setInitialFormData();
    controller.checkInterval ||= setInterval(controller.check, controller.checkIntervalValue); // a refused form has none
  };

  document.addEventListener("input", ({ target: { form } }) => {
    if (form?.matches("[data-controller~=w-unsaved]") && !controllers.has(form)) typedEarly.add(form);
  }, { capture: true });
  document.addEventListener("submit", ({ target }) => typedEarly.delete(target), { capture: true });
  // Before Wagtail is asked, which looks every half a second only: who leaves sooner is warned too.
  window.addEventListener("beforeunload", (event) => {
    if (typedEarly.size) event.preventDefault();
    controllers.forEach((controller) => controller.check());
  });
  // After the controllers within the form, which draw its blocks.
  document.addEventListener("w-unsaved:ready", ({ target }) => queueMicrotask(() => watch(target)));
})();
