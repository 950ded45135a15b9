/** CONTRACT SKETCH: the message room replaces bodies, not names. */
export interface Parameter {
  readonly name: string;
  readonly value: string;
}

export declare class HeaderLines {
  /** Lines as they will leave or as they came: name as spelled, raw value. */
  lines(): readonly (readonly [name: string, value: string])[];
  has(name: string): boolean;
  /** Values after the comma rule (Set-Cookie never split), across lines. */
  values(name: string): readonly string[];
  /** Raw lines of one header joined with `,`; undefined if absent. */
  text(name: string): string | undefined;
  /** Replaces every line of that name by one line. */
  set(name: string, value: string): void;
  /** Appends a line. */
  add(name: string, value: string): void;
  remove(name: string): void;
  /** Replaces or removes only the Nth (1-based) value. */
  setValue(name: string, index: number, value: string): void;
  removeValue(name: string, index: number): void;
  clear(): void;
  names(): readonly string[];
}

/** Query or form parameters: decoded on read, raw text kept until something changes. */
export declare class Parameters {
  list(): readonly Parameter[];
  values(name: string): readonly string[];
  set(name: string, value: string): void;
  add(name: string, value: string): void;
  setValue(name: string, index: number, value: string): void;
  remove(name: string): void;
  removeValue(name: string, index: number): void;
  clear(): void;
  names(): readonly string[];
  /** The raw text, byte for byte as given when nothing changed. */
  text(): string;
  replaceText(text: string): void;
}

export declare class Message {
  readonly kind: 'request' | 'response';
  verb: string | null;
  path: string;
  version: string;
  url: string | null;
  statusCode: number | null;
  reasonPhrase: string | null;
  readonly headers: HeaderLines;
  readonly query: Parameters;
  /** View of the body while the content type is form-encoded; a write makes it so. */
  readonly form: Parameters;
  content: string;
  bytes: Uint8Array;
  readonly hasBody: boolean;
  clearContent(): void;
  clone(): Message;
}
