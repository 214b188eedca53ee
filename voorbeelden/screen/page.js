// Once a page: the language and colours of the document, and copying. The text to copy is data of the button
// and goes to the clipboard as plain text; nothing of it is ever run or rendered.
(() => {
  const root = document.documentElement;
  root.lang = "nl";
  // Menus and popovers hang outside the app's own element, which alone knows light from dark.
  const app = document.querySelector(".stApp");
  const follow = () => (root.style.colorScheme = getComputedStyle(app).colorScheme);
  if (app) {
    follow();
    window.voorbeeldenTheme?.disconnect();
    window.voorbeeldenTheme = new MutationObserver(follow);
    window.voorbeeldenTheme.observe(app, { attributeFilter: ["class"] });
  }
  if (window.voorbeeldenCopy) return;
  window.voorbeeldenCopy = true;

  const fallback = (text) => {
    // The clipboard API asks for https or localhost; an office may serve over plain http.
    const area = document.createElement("textarea");
    area.value = text;
    area.style.position = "fixed";
    document.body.append(area);
    area.select();
    const copied = document.execCommand("copy");
    area.remove();
    return copied;
  };

  // On a narrow screen the results stand below the form: bring them into view once they are there.
  const reveal = (tries) => {
    const heading = document.querySelector(".vb-heading");
    if (heading) heading.scrollIntoView({ behavior: "smooth", block: "start" });
    else if (tries > 0) setTimeout(reveal, 150, tries - 1);
  };

  document.addEventListener("click", async (event) => {
    if (event.target.closest?.(".stFormSubmitButton") && innerWidth < 900) setTimeout(reveal, 400, 20);
    const button = event.target.closest?.("button[data-copy]");
    if (!button) return;
    const text = button.dataset.copy;
    let copied = true;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      copied = fallback(text);
    }
    button.textContent = copied ? "Gekopieerd" : "Kopiëren lukt niet";
    button.classList.toggle("vb-copied", copied);
    setTimeout(() => {
      button.textContent = "Kopieer";
      button.classList.remove("vb-copied");
    }, 1600);
  });
})();
