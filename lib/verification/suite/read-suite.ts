import { ajvPackage } from '../../json-schema/ajv-package.ts';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { DeploymentError } from '../../diagnostic/deployment-error.ts';
import { diagnosticAt, type Diagnostic } from '../../diagnostic/diagnostic.ts';
import { parseLocated } from '../../environment/located-value.ts';
import type { Suite } from './case.ts';
import { contradictions } from './contradictions.ts';
import { expandedSize, plainValue } from './located-place.ts';
import { matcherProblems } from './matcher-problems.ts';
import { schemaFindings } from './schema-findings.ts';

/** A suite and the file that it stands in; paths in it are seen from there. */
export interface SuiteFile {
  readonly file: string;
  readonly suite: Suite;
}

/** Characters of one suite; a recording may be long. */
const longestSuite = 64 * 1024 * 1024;
/** Values of one suite, with aliases written out: more than so many characters can hold without them. */
const mostValues = 10_000_000;

/**
 * Reads a suite: YAML or JSON, an object with `cases` (schemas/case.schema.json).
 * @throws {DeploymentError} with every finding, when it is none; whatever `fs` throws when it cannot be read
 */
export async function readSuite(file: string): Promise<SuiteFile> {
  return parseSuite(await readFile(file, 'utf8'), file);
}

/** @throws {DeploymentError} with every finding, when the text is no suite */
export function parseSuite(text: string, file: string): SuiteFile {
  const diagnostics: Diagnostic[] = [];
  const located = parseLocated(text, file, (diagnostic) => diagnostics.push(diagnostic), {
    characters: longestSuite,
  });
  if (located === undefined) throw new DeploymentError(diagnostics);
  if (expandedSize(located) > mostValues) {
    const message = `With its aliases written out the suite has more than ${mostValues} values.`;
    throw new DeploymentError([
      diagnosticAt(located.location, 'error', 'malformed-document', message, 'Use fewer aliases.'),
    ]);
  }
  const value = plainValue(located);
  const isSuite = suiteValidator();
  if (!isSuite(value)) throw new DeploymentError(schemaFindings(isSuite.errors ?? [], located));
  const problems = [...contradictions(value, located), ...matcherProblems(located)];
  if (problems.length > 0) throw new DeploymentError(problems);
  return { file, suite: value };
}

type SuiteValidator = ReturnType<typeof compileValidator>;
let validator: SuiteValidator | undefined;

function suiteValidator(): SuiteValidator {
  return (validator ??= compileValidator());
}

function compileValidator() {
  const url = new URL('../../../schemas/case.schema.json', import.meta.url);
  const schema: unknown = JSON.parse(readFileSync(url, 'utf8'));
  if (typeof schema !== 'object' || schema === null)
    throw new TypeError(`${url.href} is no schema`);
  const { Ajv } = ajvPackage();
  const ajv = new Ajv({
    allErrors: true,
    allowUnionTypes: true,
    strict: false,
    // Findings tell which names there are.
    verbose: true,
    // Expressions are tried where they stand, so that what is wrong with one can be told.
    validateFormats: false,
  });
  return ajv.compile<Suite>(schema);
}
