// Once a page: the language and colours of the document, copying, and the review by keyboard. The text to copy is data
// of the button and goes to the clipboard as plain text; nothing of it is ever run or rendered.
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

  // For a moment the button says what became of it, also when its item is drawn anew meanwhile.
  let said;
  const tell = () => {
    if (said?.until < Date.now()) said = undefined;
    for (const button of document.querySelectorAll(".vb-copy")) {
      const about = said?.text === button.dataset.copy;
      const words = !about ? "Kopieer" : said.copied ? "Gekopieerd" : "Kopiëren lukt niet";
      if (button.textContent !== words) button.textContent = words;
      button.classList.toggle("vb-copied", about && said.copied);
    }
  };

  // What was asked for may come out of sight, below the form on a phone or above where one pressed: bring it into view.
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const reveal = (tries) => {
    const heading = document.querySelector(".vb-heading");
    if (!heading) return void (tries > 0 && setTimeout(reveal, 150, tries - 1));
    const { top } = heading.getBoundingClientRect();
    if (top < 56 || top > innerHeight / 2)
      heading.scrollIntoView({ behavior: calm.matches ? "auto" : "smooth", block: "start" });
  };

  // A press of ours: Streamlit's own handler sits below the body; above it an open menu listens, and closes at any press beside it.
  const press = (button) => {
    const hush = (event) => event.stopPropagation();
    document.body.addEventListener("click", hush);
    button.click();
    document.body.removeEventListener("click", hush);
  };

  // On a phone the navigation lies over the page, and would stay there after a page was chosen. Once may not be
  // enough, the new page can draw the menu again, open; but who opens it again wants it.
  let closing;
  const closeMenu = (wait, tries) => {
    clearTimeout(closing);
    if (!tries) return;
    closing = setTimeout(() => {
      const collapse = document.querySelector('[data-testid="stSidebarCollapseButton"] button');
      if (collapse && document.querySelector('#stSidebar[data-collapsed="false"]')) press(collapse);
      closeMenu(500, tries - 1);
    }, wait);
  };

  document.addEventListener("click", async (event) => {
    if (event.target.closest?.('[data-testid="stSidebarNavLink"]') && innerWidth < 768) {
      closeMenu(300, 4);
    }
    if (event.target.closest?.('[data-testid="stExpandSidebarButton"]')) closeMenu(0, 0);
    const asked = event.target.closest?.(".stFormSubmitButton, .st-key-b-start");
    if (asked && (innerWidth < 900 || asked.matches(".st-key-b-start"))) setTimeout(reveal, 400, 20);
    const button = event.target.closest?.("button[data-copy]");
    if (!button) return;
    const text = button.dataset.copy;
    let copied = true;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      copied = fallback(text);
    }
    said = { text, copied, until: Date.now() + 1600 };
    tell();
  });

  // The text of a field that is left by pressing a link to another page is taken over after that page was asked for:
  // Streamlit then runs a part of the page that is gone, and the new one stays empty. The link waits a moment.
  let left = false;
  document.addEventListener("focusout", (event) => {
    if (!event.target.matches?.("textarea, input")) return;
    left = true;
    setTimeout(() => (left = false), 200);
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.('[data-testid="stTopNavLink"], [data-testid="stSidebarNavLink"]');
    if (!link || !left) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    setTimeout(() => link.click(), 250);
  }, true);

  // The editor's name outlives a reload; see screen/shell.py.
  document.addEventListener("input", (event) => {
    if (!event.target.closest?.(".st-key-redacteur")) return;
    const name = encodeURIComponent(event.target.value.slice(0, 100));
    document.cookie = `voorbeelden_naam=${name}; path=/; max-age=${name ? 31536000 : 0}; SameSite=Lax`;
  });

  // The review by keyboard. A key counts only while the focus is on an item, so it can never be in
  // the way of typing, of a screen reader or of the browser's own keys.
  const kept = () =>
    [...document.querySelectorAll('[class*="st-key-vb-kept-"]')].filter((one) => one.offsetParent);
  const find = (item, key) => item.querySelector(`[class*="st-key-${key}-"] button`);
  const go = (item) => {
    if (!item) return;
    item.querySelector('[class*="st-key-vb-acts-"] button')?.focus({ preventScroll: true });
    item.scrollIntoView({ block: "nearest" });
  };
  const judge = (item, next, status) => {
    // The button of the status that an item has already would take it back.
    if (!item.querySelector(`.vb-status-${status}`)) find(item, status)?.click();
    go(next);
  };

  // Two buttons are pressed for the reader, once they have stood for two looks and once each: the opener of the tab that is
  // open, for only one tab has its buttons; and the one that draws these when a type or the generation has ended.
  const presser = (find) => {
    let seen, pressed;
    return () => {
      const button = find();
      if (!button) pressed = undefined;
      else if (button === seen && button !== pressed) {
        pressed = button;
        press(button);
      }
      seen = button;
    };
  };
  const pressOpener = presser(() =>
    [...document.querySelectorAll('[class*="st-key-vb-opener-"] button')].find((one) => one.offsetParent));
  const pressUpdate = presser(() =>
    document.querySelector(".vb-ready") && document.querySelector('[class*="st-key-vb-update-"] button'));
  // An item that is drawn anew, because others came in or its buttons did, takes the focus of its copy button with it.
  let held;
  document.addEventListener("focusin", (event) => (held = event.target.matches(".vb-copy") ? event.target : undefined));
  const keepFocus = () => {
    if (!held || document.activeElement !== document.body) return;
    if (held.isConnected) return void (held = undefined); // it was left by pressing elsewhere
    const anew = [...document.querySelectorAll(".vb-copy")].find(
      (one) => one.offsetParent && one.dataset.copy === held.dataset.copy);
    anew?.focus({ preventScroll: true });
  };
  setInterval(() => {
    pressOpener();
    pressUpdate();
    keepFocus();
    tell();
  }, 100);

  document.addEventListener("keydown", (event) => {
    const item = event.target.closest?.('[class*="st-key-vb-kept-"]');
    if (!item || event.altKey) return;
    const typing = event.target.matches("textarea, input");
    if (typing && event.key === "Escape") return find(item, "annuleer")?.click();
    if (typing && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      // First Streamlit takes the text over, then it is kept; by then the item may have been drawn anew.
      const name = [...item.classList].find((one) => one.startsWith("st-key-vb-kept-"));
      return void setTimeout(() => find(document.querySelector(`.${name}`) ?? item, "bewaar")?.click(), 80);
    }
    if (typing || event.ctrlKey || event.metaKey) return;
    const all = kept();
    const next = all[all.indexOf(item) + 1];
    const does = {
      j: () => go(next),
      k: () => go(all[all.indexOf(item) - 1]),
      g: () => judge(item, next, "goedgekeurd"),
      a: () => judge(item, next, "afgewezen"),
      b: () => find(item, "bewerk")?.click(),
      z: () => document.querySelector('[class*="st-key-Ongedaan-maken-"] button')?.click(),
    }[event.key.toLowerCase()];
    if (!does) return;
    event.preventDefault();
    does();
  });
})();
