import type { ErrorObject } from 'ajv';
import { closestName } from '../../diagnostic/closest-name.ts';
import { diagnosticAt, type Diagnostic } from '../../diagnostic/diagnostic.ts';
import type { LocatedValue } from '../../environment/located-value.ts';
import { locationAt, valueAt } from './located-place.ts';

interface Schema {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

/** Nobody mends more at once. */
const mostErrors = 200;

/**
 * What a validator says of a document, told once for each place: of the branches of a choice only the one
 * that was begun, since what all the others lack is noise.
 */
export function schemaFindings(
  all: readonly ErrorObject[],
  root: LocatedValue,
): readonly Diagnostic[] {
  // What is wrong with a name is told by what it breaks.
  const errors = all.filter(({ keyword }) => keyword !== 'propertyNames').slice(0, mostErrors);
  const choices = errors.filter(isChoice);
  const told = new Set<string>();
  const once = (key: string, found: () => readonly Diagnostic[]): readonly Diagnostic[] => {
    if (told.has(key)) return [];
    told.add(key);
    return found();
  };
  return errors.flatMap((error) => {
    const { instancePath: place } = error;
    const isUndecided = choices.some(({ instancePath }) => instancePath === place);
    if (!isUndecided) {
      const name: unknown = error.params['additionalProperty'];
      return once(`${place} ${error.keyword} ${String(name)}`, () => [finding(error, root)]);
    }
    const isBegun = errors.some(({ instancePath }) => instancePath.startsWith(`${place}/`));
    return isBegun || !isChoice(error)
      ? []
      : once(`${place} choice`, () => choiceFindings(error, root));
  });
}

function isChoice({ keyword }: ErrorObject): boolean {
  return keyword === 'anyOf' || keyword === 'oneOf';
}

function finding(error: ErrorObject, root: LocatedValue): Diagnostic {
  const path = pathOf(error);
  const extra: unknown = error.params['additionalProperty'];
  if (typeof extra === 'string') {
    return unknownField(extra, path, Object.keys(schemaOf(error).properties ?? {}), root);
  }
  const { propertyName } = error;
  const whole = propertyName === undefined ? path : [...path, propertyName];
  const allowed: unknown = error.params['allowedValues'];
  const values = Array.isArray(allowed) ? `: ${allowed.map(String).join(', ')}` : '';
  const { description } = schemaOf(error);
  return diagnosticAt(
    locationAt(root, whole),
    'error',
    'invalid-suite',
    `${nameOf(whole)} ${error.message ?? 'is wrong'}${values}.`,
    ...(description === undefined ? [] : [description]),
  );
}

/** Nothing below the place tells which branch was meant; its own names may. */
function choiceFindings(error: ErrorObject, root: LocatedValue): readonly Diagnostic[] {
  const path = pathOf(error);
  const schema = schemaOf(error);
  const branches = schema.anyOf ?? schema.oneOf ?? [];
  const known = branches.flatMap(({ properties }) => Object.keys(properties ?? {}));
  const value = valueAt(root, path);
  const given = value?.kind === 'map' ? [...value.entries.keys()] : [];
  const strangers = given.filter((name) => !known.includes(name));
  if (known.length > 0 && strangers.length > 0)
    return strangers.map((name) => unknownField(name, path, known, root));
  const hint = known.length === 0 ? [] : [`As an object it has one of ${known.join(', ')}.`];
  const what = schema.description ?? 'It has another form.';
  return [
    diagnosticAt(
      locationAt(root, path),
      'error',
      'invalid-suite',
      `${nameOf(path)} has the wrong form. ${what}`,
      ...hint,
    ),
  ];
}

function unknownField(
  name: string,
  path: readonly string[],
  known: readonly string[],
  root: LocatedValue,
): Diagnostic {
  const meant = closestName(name, known);
  const whose = path.length === 0 ? 'a suite' : nameOf(path);
  const message = `"${name}" is no field of ${whose}.${meant === undefined ? '' : ` Did you mean ${meant}?`}`;
  return diagnosticAt(
    locationAt(root, [...path, name]),
    'error',
    'unknown-field',
    message,
    known.length === 0 ? 'Remove it.' : `Remove it, or write one of ${known.join(', ')}.`,
  );
}

/** The schema that the failed keyword stands in; `verbose` validators tell it. */
function schemaOf({ parentSchema }: ErrorObject): Schema {
  return (parentSchema as Schema | undefined) ?? {};
}

function pathOf({ instancePath }: ErrorObject): readonly string[] {
  return instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function nameOf(path: readonly string[]): string {
  return path.length === 0 ? 'The suite' : `"${path.join('.')}"`;
}
