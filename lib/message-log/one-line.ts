/** Line breaks, and the control characters that collectors and terminals take for more than text. */
const breaking = /\r\n|[\u0000-\u0008\u000a-\u001f\u007f\u0085\u2028\u2029]/g;

/** A text that no reader takes for more than one line, so that nobody's input can forge an entry. */
export function oneLine(text: string): string {
  return text.replace(breaking, ' ');
}
