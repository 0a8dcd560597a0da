// Puts the token of a figure, such as {{applications.received}}, into the text where the caret stands.
// Without this script the clerk types or pastes the token that the list shows beside each figure.
//
// <button type="button" data-insert="{{…}}" data-into="id_text">插入</button>: with scripts off it does nothing, so the
// server hides it (hidden) and this module shows it.

for (const button of document.querySelectorAll("button[data-insert][data-into]")) {
  const field = document.getElementById(button.dataset.into);
  if (!(field instanceof HTMLTextAreaElement)) continue;
  button.hidden = false;
  button.addEventListener("click", () => {
    field.focus();
    field.setRangeText(button.dataset.insert, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
}
