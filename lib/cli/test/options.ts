import { Option, type Command } from 'commander';
import { UsageError } from '../exit.ts';

export const reporters = ['spec', 'json', 'junit', 'tap', 'html'] as const;
export type Reporter = (typeof reporters)[number];

export interface TestFlags {
  readonly filter?: string;
  readonly reporter: Reporter;
  readonly json?: true;
  readonly output?: string;
  readonly watch?: true;
  readonly coverage?: true;
  readonly lcov?: string;
}

const examples = `
Examples:
  apx test cases/orders.yaml
  apx test cases --filter token --reporter junit --output report.xml
  apx test cases --coverage --reporter html --output report.html
  apx test cases --watch

Cases run in virtual time and without sockets: upstreams are the answers that the suite gives, and a call that
no answer is for fails its case. Of a folder every YAML and JSON file is run that has cases. The format is
schemas/case.schema.json.

Exit code: 0 every case passed, 1 a case failed, 2 wrong use or a suite that cannot be read.`;

/** Declares the arguments and options of `apx test`. */
export function declareTest(program: Command): Command {
  return program
    .command('test')
    .description('run cases against policies and bundles')
    .argument('<suite...>', 'files of cases, YAML or JSON, or folders of them')
    .option('--filter <PATTERN>', 'only cases whose name the regular expression is found in')
    .addOption(
      new Option('--reporter <NAME>', 'form of the report').choices(reporters).default('spec'),
    )
    .option('--json', 'as --reporter json')
    .option(
      '--output <FILE>',
      'write the report to a file, and the result in short to the terminal',
    )
    .option('--coverage', 'tell which policies, steps, conditions and rules the cases reach')
    .option('--lcov <FILE>', 'write the coverage of the XML lines for other tools')
    .option('--watch', 'run again whenever a suite or something that it names changes')
    .addHelpText('after', examples);
}

/** @throws {UsageError} for what is no regular expression */
export function nameFilter(pattern: string | undefined): (name: string) => boolean {
  if (pattern === undefined) return () => true;
  try {
    const expression = new RegExp(pattern);
    return (name) => expression.test(name);
  } catch (error) {
    const why = error instanceof Error ? error.message : '';
    throw new UsageError(`--filter ${pattern}: no regular expression: ${why}`);
  }
}
