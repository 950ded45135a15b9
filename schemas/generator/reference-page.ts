import { spellingOf, type ElementSyntax, type Field } from '../../lib/xml/grammar/element.ts';
import type { ValueSyntax } from '../../lib/xml/grammar/value.ts';
import type { RootGrammar } from './policy-grammars.ts';

/** The reference page of a policy, in Markdown: every element and attribute, in one table. */
export function referencePage({ name, grammar }: RootGrammar): string {
  const rows = elementRows(name, grammar, 'one');
  return [
    `# ${name}`,
    '',
    grammar.doc,
    '',
    'Children may stand in any order. Elements and attributes that are not listed are reported and ignored.',
    '',
    '| Element or attribute | How often | Content | Meaning |',
    '| --- | --- | --- | --- |',
    ...rows.map((cells) => `| ${cells.map(escaped).join(' | ')} |`),
    '',
    '_Generated from the grammar by `npm run generate`._',
    '',
  ].join('\n');
}

type Row = readonly [place: string, often: string, content: string, doc: string];

function elementRows(path: string, syntax: ElementSyntax, often: string): readonly Row[] {
  const { attributes, text, children, doc } = syntax;
  return [
    [`\`${path}\``, often, contentOf(text, children), doc],
    ...Object.entries(attributes ?? {}).map(([name, attribute]): Row => {
      const fallback = fallbackText(attribute.fallback);
      return [
        `\`${path}/@${spellingOf(name, attribute)}\``,
        'optional',
        `${attribute.syntax.title}${fallback}`,
        attribute.doc,
      ];
    }),
    ...Object.values(children ?? {}).flatMap((field) => fieldRows(path, field)),
  ];
}

function fallbackText(fallback: unknown): string {
  const isShown =
    typeof fallback === 'boolean' || (typeof fallback === 'string' && fallback !== '');
  return isShown ? `; ${fallback.toString()} unless given` : '';
}

function contentOf(
  text: ValueSyntax<unknown> | undefined,
  children: ElementSyntax['children'],
): string {
  if (text === undefined) return 'elements';
  return children === undefined ? text.title : `${text.title}, or elements`;
}

function fieldRows(path: string, field: Field): readonly Row[] {
  switch (field.kind) {
    case 'optional':
      return field.names.flatMap((name) =>
        elementRows(`${path}/${name}`, field.element, 'optional'),
      );
    case 'many':
      return field.names.flatMap((name) =>
        elementRows(`${path}/${name}`, field.element, 'any number'),
      );
    case 'ordered':
      return Object.entries(field.elements).flatMap(([name, syntax]) =>
        elementRows(`${path}/${name}`, syntax, 'any number, in order'),
      );
    case 'ignored':
      return field.names.map((name): Row => [
        `\`${path}/${name}\``,
        'optional',
        'anything',
        field.doc,
      ]);
  }
}

function escaped(cell: string): string {
  return cell.replaceAll('|', '\\|');
}
