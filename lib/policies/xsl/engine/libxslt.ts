import type { MainModule } from 'libxslt-wasm/output/libxslt';
import type { EngineAnswer, EngineRequest } from './protocol.ts';

/**
 * libxml2's and libxslt's functions. Those that the package declares to be asynchronous answer at once
 * in the sandbox.
 */
export type Libxslt = Omit<
  MainModule,
  '_xmlReadMemory' | '_xsltParseStylesheetDoc' | '_xsltApplyStylesheet'
> & {
  _xmlReadMemory(
    text: number,
    size: number,
    url: number,
    encoding: number,
    options: number,
  ): number;
  _xsltParseStylesheetDoc(document: number): number;
  _xsltApplyStylesheet(stylesheet: number, document: number, parameters: number): number;
};

/** Flags of `xmlParserOption`. */
const substituteEntities = 2;
const noNetwork = 2048;
const mergeCdata = 16384;
const noExternalEntities = 8388608;

const payloadOptions = noNetwork | noExternalEntities | mergeCdata;
/** A stylesheet comes with the bundle, and may name its own entities, such as &nbsp;. */
const stylesheetOptions = payloadOptions | substituteEntities;

const pointerSize = 4;
const mostStylesheets = 50;
/** The memory of a module never shrinks. */
const large = 64 * 1024 * 1024;

/** libxslt with the stylesheets it has compiled. */
export class Engine {
  readonly #libxslt: Libxslt;
  readonly #takeMessages: () => readonly string[];
  /** By text, the one used last at the end. */
  readonly #compiled = new Map<string, number>();

  constructor(libxslt: Libxslt, takeMessages: () => readonly string[]) {
    this.#libxslt = libxslt;
    this.#takeMessages = takeMessages;
    libxslt._exsltRegisterAll();
  }

  answer(request: EngineRequest): EngineAnswer {
    this.#takeMessages();
    const stylesheet = this.#stylesheet(request.stylesheet);
    if (stylesheet === 0) return this.#failed('stylesheet');
    if (request.kind === 'check') return this.#done('');
    const document = this.#read(request.document, 'payload', payloadOptions);
    if (document === 0) return this.#failed('document');
    try {
      return this.#transform(stylesheet, document, request.parameters);
    } finally {
      this.#libxslt._xmlFreeDoc(document);
    }
  }

  #stylesheet(text: string): number {
    const known = this.#compiled.get(text);
    this.#compiled.delete(text);
    const stylesheet = known ?? this.#compile(text);
    if (stylesheet === 0) return 0;
    this.#compiled.set(text, stylesheet);
    for (const [oldest, compiled] of this.#compiled) {
      if (this.#compiled.size <= mostStylesheets) break;
      this.#compiled.delete(oldest);
      this.#libxslt._xsltFreeStylesheet(compiled);
    }
    return stylesheet;
  }

  #compile(text: string): number {
    const document = this.#read(text, 'stylesheet', stylesheetOptions);
    if (document === 0) return 0;
    const stylesheet = this.#libxslt._xsltParseStylesheetDoc(document);
    // A stylesheet owns its document; without one it has to be freed here.
    if (stylesheet === 0) this.#libxslt._xmlFreeDoc(document);
    return stylesheet;
  }

  #read(text: string, name: string, options: number): number {
    const { stringToNewUTF8, lengthBytesUTF8, _free } = this.#libxslt;
    // The text is UTF-8 by now, whatever its declaration says.
    const [content, url, encoding] = [text, name, 'UTF-8'].map((one) =>
      pointer(stringToNewUTF8(one)),
    );
    const size = pointer(lengthBytesUTF8(text));
    const document = this.#libxslt._xmlReadMemory(
      content ?? 0,
      size,
      url ?? 0,
      encoding ?? 0,
      options,
    );
    for (const used of [content, url, encoding]) if (used !== undefined) _free(used);
    return document;
  }

  #transform(stylesheet: number, document: number, parameters: readonly string[]): EngineAnswer {
    const { stringToNewUTF8, setValue, _calloc, _free, _xmlFreeDoc } = this.#libxslt;
    const texts = parameters.map((text) => pointer(stringToNewUTF8(text)));
    const list = _calloc(texts.length + 1, pointerSize);
    for (const [index, text] of texts.entries()) setValue(list + index * pointerSize, text, '*');
    const result = this.#libxslt._xsltApplyStylesheet(stylesheet, document, list);
    for (const used of [...texts, list]) _free(used);
    if (result === 0) return this.#failed('transformation');
    const text = this.#write(result, stylesheet);
    _xmlFreeDoc(result);
    return this.#done(text);
  }

  #write(result: number, stylesheet: number): string {
    const libxslt = this.#libxslt;
    const buffer = libxslt._xmlAllocOutputBuffer(0);
    libxslt._xsltSaveResultTo(buffer, result, stylesheet);
    const size = libxslt._xmlOutputBufferGetSize(buffer);
    const text = libxslt.UTF8ToString(libxslt._xmlOutputBufferGetContent(buffer), size);
    libxslt._xmlOutputBufferClose(buffer);
    return text;
  }

  #done(result: string): EngineAnswer {
    return { kind: 'done', result, messages: this.#takeMessages(), isLarge: this.#isLarge };
  }

  #failed(at: 'stylesheet' | 'document' | 'transformation'): EngineAnswer {
    return { kind: 'failed', at, messages: this.#takeMessages(), isLarge: this.#isLarge };
  }

  get #isLarge(): boolean {
    return this.#libxslt.HEAPU8.buffer.byteLength > large;
  }
}

/** The package declares these numbers as `any`. */
function pointer(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}
