/** Names of a transaction's own messages. */
const messages: ReadonlySet<string> = new Set(['request', 'response', 'message', 'error']);

/** Whether a name is that of one of a transaction's own messages. */
export function isTransactionMessage(name: string): boolean {
  return messages.has(name.toLowerCase());
}

/** A part of a transaction's message that its body decides, as a flow variable. */
const bodyVariable = /\b(?:request|response|message|error)\.(?:content|form|payload|body)/i;
/** A whole message in a template, which shows as its body. */
const wholeMessage = /[{,(]\s*(?:request|response|message|error)\s*[},)]/i;

/** Whether a text, such as a condition or a template, reads the body of a transaction's message. */
export function mentionsPayload(text: string): boolean {
  return bodyVariable.test(text) || wholeMessage.test(text);
}

/** Whether one of AssignMessage's actions changes a body. */
export function writesPayload(action: object): boolean {
  const parts: Readonly<Record<string, unknown>> = { ...action };
  if (parts['payload'] !== undefined || parts['formParams'] !== undefined) return true;
  return parts['type'] === 'Remove' && namesNoPart(parts);
}

/** Copy and Remove without a part mean all of them. */
function namesNoPart(action: Readonly<Record<string, unknown>>): boolean {
  const notParts = new Set(['type', 'source', 'location']);
  return Object.entries(action).every(([key, value]) => value === undefined || notParts.has(key));
}

/** Looks through a policy's AST for anything that reads a body. */
export function readsPayload(node: unknown, key = ''): boolean {
  if (typeof node === 'string') {
    const isReference = /^(?:ref|source|variable)$/i.test(key);
    return mentionsPayload(node) || (isReference && messages.has(node.trim().toLowerCase()));
  }
  if (Array.isArray(node)) return node.some((item) => readsPayload(item, key));
  if (typeof node !== 'object' || node === null) return false;
  const parts: Readonly<Record<string, unknown>> = { ...node };
  if (parts['type'] === 'Copy') {
    return (
      namesNoPart(parts) || parts['payload'] !== undefined || parts['formParams'] !== undefined
    );
  }
  return Object.entries(parts).some(
    // The text of an element is what the element's name says.
    ([name, value]) =>
      !/location$/i.test(name) && readsPayload(value, name === 'value' ? key : name),
  );
}
