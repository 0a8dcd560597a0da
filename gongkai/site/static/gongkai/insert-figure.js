// Puts the token of a figure, such as {{applications.received.online}}, into the text where the caret stands.
// Without this script the clerk copies the token that the list shows beside each figure.
//
// <button type="button" hidden data-insert="{{…}}" data-into="id_text">插入</button>: with scripts off it does nothing, so
// the server hides it and this module shows it; also in a list that htmx has fetched anew.

function show() {
  for (const button of document.querySelectorAll("button[data-insert][data-into][hidden]")) {
    button.hidden = !(document.getElementById(button.dataset.into) instanceof HTMLTextAreaElement);
  }
}

function insert(event) {
  const button = event.target instanceof Element && event.target.closest("button[data-insert][data-into]");
  if (!button) return;
  const field = document.getElementById(button.dataset.into);
  if (!(field instanceof HTMLTextAreaElement)) return;
  field.focus();
  field.setRangeText(button.dataset.insert, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

show();
document.addEventListener("click", insert);
document.addEventListener("htmx:afterSwap", show);
