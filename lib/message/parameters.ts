import { decodeParameterText } from './percent-encoding.ts';

/** A query or form parameter, decoded. */
export interface Parameter {
  readonly name: string;
  readonly value: string;
}

/** Where parameters are written down: the query of a message, or its body. */
export interface ParameterText {
  text: string;
}

/**
 * Query or form parameters: a view of a text, which stays byte for byte as it is until a parameter
 * changes. Then all of it is written anew, in order, each as `name=value`. Names are case-sensitive.
 * Values are counted from 1 ("Flow variables reference", `queryparam.NAME.N`).
 */
export class Parameters {
  readonly #source: ParameterText;
  readonly #encode: (text: string) => string;
  #list: Parameter[] = [];
  /** A list that somebody else holds is never altered in place. */
  #isShared = false;
  #listedText = '';
  /** The text as it was last written here, with every parameter in the form that writing gives it. */
  #writtenText = '';

  constructor(source: ParameterText, encode: (text: string) => string) {
    this.#source = source;
    this.#encode = encode;
  }

  list(): readonly Parameter[] {
    const list = this.#listed();
    this.#isShared = true;
    return list;
  }

  #listed(): readonly Parameter[] {
    const text = this.#source.text;
    if (text !== this.#listedText) {
      this.#list = parse(text);
      this.#isShared = false;
      this.#listedText = text;
    }
    return this.#list;
  }

  has(name: string): boolean {
    return this.first(name) !== undefined;
  }

  /** The first value; undefined if there is no such parameter. */
  first(name: string): string | undefined {
    for (const parameter of this.#listed()) if (parameter.name === name) return parameter.value;
    return undefined;
  }

  value(name: string, index: number): string | undefined {
    return this.values(name)[index - 1];
  }

  values(name: string): readonly string[] {
    const values: string[] = [];
    for (const parameter of this.#listed())
      if (parameter.name === name) values.push(parameter.value);
    return values;
  }

  /** Replaces every parameter of that name by one, where the first of them stood. */
  set(name: string, value: string): void {
    const list = this.#listed();
    const at = list.findIndex((parameter) => parameter.name === name);
    if (at < 0) {
      this.add(name, value);
      return;
    }
    this.#rewrite(
      list.flatMap((parameter, place) => {
        if (place === at) return { name, value };
        return parameter.name === name ? [] : parameter;
      }),
    );
  }

  /** Appends a parameter. */
  add(name: string, value: string): void {
    this.addAll([{ name, value }]);
  }

  addAll(parameters: readonly Parameter[]): void {
    if (parameters.length === 0) return;
    this.#listed();
    const list = this.#isShared ? [...this.#list] : this.#list;
    for (const parameter of parameters) list.push(parameter);
    const text = this.#source.text;
    if (text !== this.#writtenText) this.#rewrite(list);
    else {
      const added = this.#encoded(parameters);
      this.#write(list, text === '' ? added : `${text}&${added}`);
    }
  }

  /** Puts these parameters in the place of every one that has one of their names. */
  setAll(parameters: readonly Parameter[]): void {
    if (parameters.length === 0) return;
    const replaced = new Set(parameters.map(({ name }) => name));
    this.#rewrite([...this.list().filter(({ name }) => !replaced.has(name)), ...parameters]);
  }

  /** Replaces the Nth value; with fewer than N values, appends one. */
  setValue(name: string, index: number, value: string): void {
    const at = this.#placeOf(name, index);
    if (at < 0) this.add(name, value);
    else this.#rewrite(this.list().with(at, { name, value }));
  }

  remove(name: string): void {
    const list = this.list();
    const kept = list.filter((parameter) => parameter.name !== name);
    if (kept.length < list.length) this.#rewrite(kept);
  }

  removeValue(name: string, index: number): void {
    const at = this.#placeOf(name, index);
    if (at >= 0) this.#rewrite(this.list().toSpliced(at, 1));
  }

  clear(): void {
    if (this.#source.text !== '') this.replaceText('');
  }

  /** Every name once, in order of first appearance. */
  names(): readonly string[] {
    return [...new Set(this.list().map(({ name }) => name))];
  }

  /** The text as it is or was written, without `?`; of one name, its values joined with `,`. */
  text(): string;
  text(name: string): string | undefined;
  text(name?: string): string | undefined {
    if (name === undefined) return this.#source.text;
    const values = this.values(name);
    return values.length === 0 ? undefined : values.join(',');
  }

  replaceText(text: string): void {
    this.#source.text = text;
  }

  #placeOf(name: string, index: number): number {
    let count = 0;
    return this.list().findIndex((parameter) => parameter.name === name && ++count === index);
  }

  /** Takes the list over. */
  #rewrite(list: Parameter[]): void {
    this.#write(list, this.#encoded(list));
  }

  #encoded(parameters: readonly Parameter[]): string {
    const encode = this.#encode;
    let text = '';
    for (const { name, value } of parameters) {
      text += `${text === '' ? '' : '&'}${encode(name)}=${encode(value)}`;
    }
    return text;
  }

  #write(list: Parameter[], text: string): void {
    this.#source.text = text;
    this.#writtenText = text;
    if (text.includes('%EF%BF%BD')) {
      // The text, and not the given list, is what others see: a lone surrogate reads back as U+FFFD.
      this.#list = parse(text);
    } else {
      this.#list = list;
    }
    this.#isShared = false;
    this.#listedText = text;
  }
}

function parse(text: string): Parameter[] {
  const list: Parameter[] = [];
  for (const pair of text.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    list.push(
      equals < 0
        ? { name: decodeParameterText(pair), value: '' }
        : {
            name: decodeParameterText(pair.slice(0, equals)),
            value: decodeParameterText(pair.slice(equals + 1)),
          },
    );
  }
  return list;
}
