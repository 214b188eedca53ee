// Once a page: what is typed in the definition is checked while it is typed. Streamlit takes a text
// over on Ctrl+Enter or on leaving the field; a moment of rest counts as Ctrl+Enter here.
(() => {
  if (window.voorbeeldenCheck) return;
  window.voorbeeldenCheck = true;
  const REST = 400;
  let timer;
  document.addEventListener("input", (event) => {
    const area = event.target;
    if (!area.matches?.('[class*="st-key-tekst-"] textarea')) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      const keys = { key: "Enter", code: "Enter", ctrlKey: true, bubbles: true, cancelable: true };
      area.dispatchEvent(new KeyboardEvent("keydown", keys));
    }, REST);
  });
})();
