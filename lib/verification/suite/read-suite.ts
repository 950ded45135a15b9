import { readFile } from 'node:fs/promises';
import { Ajv, type ErrorObject } from 'ajv';
import { DeploymentError } from '../../diagnostic/deployment-error.ts';
import { diagnosticAt, type Diagnostic } from '../../diagnostic/diagnostic.ts';
import { parseLocated, type LocatedValue } from '../../environment/located-value.ts';
import type { Case, Suite } from './case.ts';

/** A suite and the file that it stands in; paths in it are seen from there. */
export interface SuiteFile {
  readonly file: string;
  readonly suite: Suite;
}

/** Characters of one suite; a recording may be long. */
const longestSuite = 64 * 1024 * 1024;

/**
 * Reads a suite: YAML or JSON, an object with `cases` (schemas/case.schema.json).
 * @throws {DeploymentError} with every finding, when it cannot be read or is none
 */
export async function readSuite(file: string): Promise<SuiteFile> {
  const text = await readFile(file, 'utf8');
  const diagnostics: Diagnostic[] = [];
  const located = parseLocated(text, file, (diagnostic) => diagnostics.push(diagnostic), {
    characters: longestSuite,
  });
  if (located === undefined) throw new DeploymentError(diagnostics);
  const value = plainValue(located);
  const isSuite = await suiteValidator();
  if (!isSuite(value)) {
    throw new DeploymentError(findings(isSuite.errors ?? [], located));
  }
  const problems = [...contradictions(value, located)];
  if (problems.length > 0) throw new DeploymentError(problems);
  return { file, suite: value };
}

type SuiteValidator = ReturnType<typeof compileValidator>;
let validator: Promise<SuiteValidator> | undefined;

function suiteValidator(): Promise<SuiteValidator> {
  return (validator ??= readSchema().then(compileValidator));
}

async function readSchema(): Promise<object> {
  const url = new URL('../../../schemas/case.schema.json', import.meta.url);
  const schema: unknown = JSON.parse(await readFile(url, 'utf8'));
  if (typeof schema !== 'object' || schema === null)
    throw new TypeError(`${url.href} is no schema`);
  return schema;
}

function compileValidator(schema: object) {
  const ajv = new Ajv({ allErrors: true, allowUnionTypes: true, strict: false });
  return ajv.compile<Suite>(schema);
}

/** The deepest errors first met at each place; what an `anyOf` says about all its branches is noise. */
function findings(errors: readonly ErrorObject[], root: LocatedValue): readonly Diagnostic[] {
  const told = new Set<string>();
  return errors
    .filter(({ keyword }) => keyword !== 'anyOf' && keyword !== 'oneOf')
    .flatMap((error) => {
      const key = `${error.instancePath} ${error.keyword}`;
      if (told.has(key)) return [];
      told.add(key);
      return [finding(error, root)];
    });
}

function finding(error: ErrorObject, root: LocatedValue): Diagnostic {
  const path = error.instancePath.split('/').slice(1).map(unescaped);
  const parameters: Readonly<Record<string, unknown>> = { ...error.params };
  const extra = parameters['additionalProperty'];
  if (typeof extra === 'string') {
    const { location } = placeOf(root, [...path, extra]);
    const message = `"${extra}" is no field of ${path.length === 0 ? 'a suite' : `"${path.join('.')}"`}.`;
    return diagnosticAt(location, 'error', 'unknown-field', message, 'Remove it or mend its name.');
  }
  const { location } = placeOf(root, path);
  const what = path.length === 0 ? 'The suite' : `"${path.join('.')}"`;
  return diagnosticAt(
    location,
    'error',
    'invalid-suite',
    `${what} ${error.message ?? 'is wrong'}.`,
  );
}

function unescaped(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~');
}

/** The innermost value of a path that is there. */
function placeOf(root: LocatedValue, path: readonly string[]): Pick<LocatedValue, 'location'> {
  const [name, ...rest] = path;
  if (name === undefined) return root;
  if (root.kind === 'list') {
    const item = root.items[Number(name)];
    return item === undefined ? root : placeOf(item, rest);
  }
  if (root.kind === 'map') {
    const entry = root.entries.get(name);
    if (entry === undefined) return root;
    return rest.length === 0 ? entry : placeOf(entry.value, rest);
  }
  return root;
}

/** Data without its places. */
function plainValue(located: LocatedValue): unknown {
  switch (located.kind) {
    case 'scalar':
      return located.value;
    case 'list':
      return located.items.map(plainValue);
    case 'map':
      // A name such as __proto__ is a name like any other.
      return Object.fromEntries(
        [...located.entries].map(([name, { value }]) => [name, plainValue(value)] as const),
      );
  }
}

/** What no schema can say: names that occur twice, cases that have nothing or two things under test. */
function* contradictions(suite: Suite, root: LocatedValue): Generator<Diagnostic> {
  const names = new Set<string>();
  for (const [index, one] of suite.cases.entries()) {
    const { location } = placeOf(root, ['cases', String(index)]);
    const wrong = (message: string, hint: string): Diagnostic =>
      diagnosticAt(location, 'error', 'contradiction', message, hint);
    if (names.has(one.name)) {
      yield wrong(`Two cases are called "${one.name}".`, 'Give each case a name of its own.');
    }
    names.add(one.name);
    yield* subjectProblems(one, suite, wrong);
    if (one.request !== undefined && one.requests !== undefined) {
      yield wrong(`"${one.name}" has request and requests.`, 'Keep one of them.');
    }
    const { response, responses } = one.expect;
    if (response !== undefined && responses !== undefined) {
      yield wrong(`"${one.name}" expects response and responses.`, 'Keep one of them.');
    }
  }
}

function* subjectProblems(
  one: Case,
  suite: Suite,
  wrong: (message: string, hint: string) => Diagnostic,
): Generator<Diagnostic> {
  const alone = [one.policy, one.steps].filter((subject) => subject !== undefined).length;
  if (alone > 1 || (alone === 1 && one.bundle !== undefined)) {
    const message = `"${one.name}" has more than one thing under test.`;
    yield wrong(message, 'Keep one of policy, steps and bundle.');
  } else if (alone === 0 && one.bundle === undefined && suite.bundle === undefined) {
    const message = `"${one.name}" has nothing under test.`;
    yield wrong(message, 'Name a policy, steps or a bundle, or a bundle for the whole suite.');
  }
}
