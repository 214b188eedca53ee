// Streamlit's own words, in Dutch. It has no setting for its language, and on a page that says it is
// Dutch a screen reader would read "Clear all" as Dutch. Only whole texts of a fixed list are
// replaced, and never where this app, a model or an editor wrote them (OURS).
(() => {
  if (window.voorbeeldenDutch) return;
  window.voorbeeldenDutch = true;

  const OURS =
    '.stHtml, textarea, option, [role="option"], [data-testid="stMarkdownContainer"], ' +
    '[data-testid="stMultiSelectTagsContainer"], [data-testid="stFileUploaderFileName"]';
  const THEIRS = '[data-testid="stFileUploaderDropzone"], [data-testid="stTopNavSection"]';
  const WORDS = new Map(
    Object.entries({
      "App pages": "Pagina’s",
      "Choose an option": "Kies",
      "Choose options": "Kies",
      "Clear all": "Alles wissen",
      "Clear value": "Wissen",
      "Close": "Sluiten",
      "Close fullscreen": "Volledig scherm sluiten",
      "Collapse sidebar": "Menu sluiten",
      "Connecting": "Verbinden",
      "Connecting to Streamlit server": "Verbinden met de toepassing",
      "Connection error": "Geen verbinding",
      "Copy": "Kopieer",
      "Copy to clipboard": "Kopieer",
      "Dark": "Donker",
      "Drag and drop a file here": "Sleep een bestand hierheen",
      "Expand sidebar": "Menu openen",
      "Fullscreen": "Volledig scherm",
      "Help": "Uitleg",
      "Light": "Licht",
      "Made with Streamlit v": "Gemaakt met Streamlit ",
      "Main menu": "Weergave en afdrukken",
      "Next page": "Volgende pagina",
      "No options to select": "Niets om te kiezen",
      "No results": "Niets gevonden",
      "Notifications": "Meldingen",
      "Only one file is allowed.": "Kies één bestand.",
      "Open": "Openen",
      "Page not found": "Die pagina bestaat niet",
      "Pagination": "Pagina’s",
      "Press Ctrl+Enter to apply": "Ctrl+Enter neemt de tekst over",
      "Press Ctrl+Enter to submit form": "Ctrl+Enter verstuurt",
      "Press ⌘+Enter to apply": "⌘+Enter neemt de tekst over",
      "Press ⌘+Enter to submit form": "⌘+Enter verstuurt",
      "Press Enter to apply": "Enter neemt de tekst over",
      "Press Enter to submit form": "Enter verstuurt",
      "Previous page": "Vorige pagina",
      "Print": "Afdrukken",
      "Record screen": "Scherm opnemen",
      "Rerun": "Vernieuwen",
      "Running...": "Bezig",
      "Scroll tabs left": "Tabbladen naar links",
      "Scroll tabs right": "Tabbladen naar rechts",
      "Select all": "Alles kiezen",
      "Selected values": "Gekozen",
      "Show password text": "Toon het wachtwoord",
      "Sidebar": "Menu",
      "Skip to main content": "Naar de inhoud",
      "Stop": "Stop",
      "Stop script": "Stop",
      "System": "Systeem",
      "Theme": "Weergave",
      "view less": "minder",
      "view more": "meer",
      "Upload": "Kies een bestand",
      "Streamlit server is not responding. Are you connected to the internet?":
        "De toepassing antwoordt niet. Wat bewaard is, blijft bewaard. Deze pagina probeert het " +
        "vanzelf opnieuw; duurt het lang, vraag dan de beheerder of de toepassing nog draait.",
    }),
  );
  const FORMS = [
    [/^Help for (.+)$/s, "Uitleg bij $1"],
    [/^Remove (.+)$/s, "Verwijder $1"],
    [/^Upload (.+)$/s, "Kies een bestand: $1"],
    [/^Page (\d+)$/, "Pagina $1"],
    [/^(\d+) more$/, "nog $1"],
    [/^(\d+) ?MB per file(?: • (.*))?$/s, "Hoogstens $1 MB · $2"],
    [/^The page that you have requested does not seem to exist.*$/s, "Dit is de beginpagina."],
    [/^File type must be .*$/s, "Dit soort bestand kan hier niet worden gelezen."],
    [/^File must be .*$/s, "Dit bestand is te groot."],
    [/^Connection failed with status .*$/s, "De toepassing antwoordt niet."],
  ];

  const OPTIONS = [
    [/^Add: /, "Voeg toe: "],
    [/^Select all$/, "Alles kiezen"],
    [/^Select (\d+) matches$/, "De $1 gevonden kiezen"],
  ];

  const dutch = (text) => {
    const bare = text.trim();
    const word = WORDS.get(bare);
    if (word !== undefined) return word;
    for (const [form, put] of FORMS) if (form.test(bare)) return bare.replace(form, put);
    return null;
  };

  const say = (node) => {
    // A list holds an editor's own words; of Streamlit's there are three.
    if (node.parentElement?.closest('[role="option"]')) {
      for (const [form, put] of OPTIONS) {
        if (form.test(node.data)) node.data = node.data.replace(form, put);
      }
    }
    const parent = node.parentElement;
    if (!parent || (parent.closest(OURS) && !parent.closest(THEIRS))) return;
    const put = dutch(node.data);
    if (put !== null && put !== node.data) node.data = put;
  };
  const label = (element) => {
    const put = element.ariaLabel && dutch(element.ariaLabel);
    if (put && put !== element.ariaLabel) element.ariaLabel = put;
  };
  const read = (root) => {
    if (root.nodeType === Node.TEXT_NODE) return say(root);
    if (root.nodeType !== Node.ELEMENT_NODE || root.closest(".stHtml")) return;
    label(root);
    for (const element of root.querySelectorAll("[aria-label]")) label(element);
    const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) say(texts.currentNode);
  };

  new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === "childList") change.addedNodes.forEach(read);
      else if (change.type === "characterData") say(change.target);
      else label(change.target);
    }
  }).observe(document.body, {
    subtree: true,
    childList: true,
    characterData: true,
    attributeFilter: ["aria-label"],
  });
  read(document.body);
})();
