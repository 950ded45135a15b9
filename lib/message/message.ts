import { Body } from './body.ts';
import { charsetOf, utf8, type Charset } from './charset.ts';
import { HeaderLines } from './header-lines.ts';
import { Parameters, type ParameterText } from './parameters.ts';
import { encodeFormText, encodeQueryText } from './percent-encoding.ts';

export { HeaderLines, type HeaderLine } from './header-lines.ts';
export { Parameters, type Parameter } from './parameters.ts';

export type MessageKind = 'request' | 'response';

const FORM_TYPE = 'application/x-www-form-urlencoded';

/** An HTTP message as flows see and change it. A new one is empty, and its verb is not decided. */
export class Message {
  readonly kind: MessageKind;
  /** Null until someone decides it; always null on a response. */
  verb: string | null = null;
  /** Without query; empty if nothing is to be appended to a target's URL. */
  path = '';
  /** `1.1` on a request, `HTTP/1.1` on a response, as the flow variables reference shows them. */
  version: string;
  /** The URL that the request was sent to, without port; null before that. */
  url: string | null = null;
  /** Null on a request, and on a response whose status nobody decided yet. */
  statusCode: number | null = null;
  reasonPhrase: string | null = null;
  readonly headers: HeaderLines;
  readonly #body: Body;
  readonly #query: ParameterText;
  #parameters: Parameters | undefined;
  #form: Parameters | undefined;
  #contentType: string | undefined;
  #charset: Charset = utf8;

  constructor(kind: MessageKind);
  /** @internal Parts are the new message's own. */
  constructor(kind: MessageKind, headers: HeaderLines, body: Body, query: ParameterText);
  constructor(
    kind: MessageKind,
    headers = new HeaderLines(),
    body = new Body(),
    query: ParameterText = { text: '' },
  ) {
    this.kind = kind;
    this.version = this.defaultVersion;
    this.headers = headers;
    this.#body = body;
    this.#query = query;
  }

  get query(): Parameters {
    return (this.#parameters ??= new Parameters(this.#query, encodeQueryText));
  }

  /** View of the body while the content type is form-encoded; a write makes it so. */
  get form(): Parameters {
    return (this.#form ??= new Parameters(new FormText(this), encodeFormText));
  }

  /** The body as text, by the charset of the Content-Type, else UTF-8. Empty if there is no body. */
  get content(): string {
    return this.#body.text(this.#currentCharset());
  }

  set content(text: string) {
    this.#body.replace(text);
  }

  /** The body as it came, or the text in the charset of the Content-Type. Not to be altered in place. */
  get bytes(): Uint8Array {
    return this.#body.bytes(this.#currentCharset());
  }

  set bytes(bytes: Uint8Array) {
    this.#body.replace(bytes);
  }

  /** Whether the body has any content. */
  get hasBody(): boolean {
    return !this.#body.isEmpty;
  }

  get isFormEncoded(): boolean {
    const type = this.headers.first('content-type');
    if (type === undefined) return false;
    const semicolon = type.indexOf(';');
    return (semicolon < 0 ? type : type.slice(0, semicolon)).trim().toLowerCase() === FORM_TYPE;
  }

  /** Path and query. */
  get uri(): string {
    const query = this.#query.text;
    return query === '' ? this.path : `${this.path}?${query}`;
  }

  set uri(uri: string) {
    const mark = uri.indexOf('?');
    this.path = mark < 0 ? uri : uri.slice(0, mark);
    this.#query.text = mark < 0 ? '' : uri.slice(mark + 1);
  }

  get defaultVersion(): string {
    return this.kind === 'request' ? '1.1' : 'HTTP/1.1';
  }

  clearContent(): void {
    this.#body.replace('');
  }

  clone(): Message {
    const copy = new Message(this.kind, this.headers.clone(), this.#body.clone(), {
      text: this.#query.text,
    });
    copy.verb = this.verb;
    copy.path = this.path;
    copy.version = this.version;
    copy.url = this.url;
    copy.statusCode = this.statusCode;
    copy.reasonPhrase = this.reasonPhrase;
    return copy;
  }

  #currentCharset(): Charset {
    const contentType = this.headers.text('content-type');
    if (contentType !== this.#contentType) {
      this.#contentType = contentType;
      this.#charset = charsetOf(contentType);
    }
    return this.#charset;
  }
}

class FormText implements ParameterText {
  readonly #message: Message;

  constructor(message: Message) {
    this.#message = message;
  }

  get text(): string {
    return this.#message.isFormEncoded ? this.#message.content : '';
  }

  set text(text: string) {
    if (!this.#message.isFormEncoded) this.#message.headers.set('Content-Type', FORM_TYPE);
    this.#message.content = text;
  }
}
