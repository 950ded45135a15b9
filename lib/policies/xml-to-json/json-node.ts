/**
 * JSON that is about to be written: a scalar is its JSON text already, so that numbers keep their digits.
 * Members stand in a Map, for which `__proto__` is a name like any other.
 */
export type JsonNode = string | readonly JsonNode[] | JsonMembers;
export type JsonMembers = ReadonlyMap<string, JsonNode>;

export function isMembers(node: JsonNode): node is JsonMembers {
  return node instanceof Map;
}

/** Writes without white space. Recursion ends because a document's depth is bounded when it is read. */
export function writeJson(node: JsonNode): string {
  const written: string[] = [];
  write(node, written);
  return written.join('');
}

function write(node: JsonNode, written: string[]): void {
  if (typeof node === 'string') {
    written.push(node);
  } else if (isMembers(node)) {
    let separator = '{';
    for (const [name, value] of node) {
      written.push(separator, JSON.stringify(name), ':');
      write(value, written);
      separator = ',';
    }
    written.push(node.size === 0 ? '{}' : '}');
  } else {
    let separator = '[';
    for (const item of node) {
      written.push(separator);
      write(item, written);
      separator = ',';
    }
    written.push(node.length === 0 ? '[]' : ']');
  }
}
