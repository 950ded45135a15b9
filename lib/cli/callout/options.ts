import { UsageError } from '../exit.ts';
import { readInput } from '../read-input.ts';
import { splitPair } from '../upstream-option.ts';

/** The flags of `apx callout`, as the command line gives them. */
export interface CalloutFlags {
  readonly var?: readonly string[] | undefined;
  readonly vars?: string;
  readonly env?: string;
  readonly upstream?: readonly string[];
  readonly googleToken?: string;
  readonly local?: string;
  readonly dryRun?: true;
  readonly json?: true;
}

/** The variables of `--vars` and then of `--var`, which win. */
export async function seedVariables(
  flags: Pick<CalloutFlags, 'var' | 'vars'>,
): Promise<Record<string, unknown>> {
  const { vars } = flags;
  const variables = new Map<string, unknown>(
    vars === undefined ? [] : Object.entries(await readVariables(vars)),
  );
  for (const pair of flags.var ?? []) {
    const [name, value] = splitPair(pair, '--var', 'NAME=VALUE');
    variables.set(name, value);
  }
  return Object.fromEntries(variables);
}

async function readVariables(file: string): Promise<object> {
  const bytes = await readInput(file, `--vars ${file}`);
  // Takes a byte order mark away, which JSON.parse would stumble over.
  const text = new TextDecoder().decode(bytes);
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new UsageError(
      `--vars ${file}: not JSON: ${error instanceof Error ? error.message : ''}`,
    );
  }
  if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed;
  throw new UsageError(`--vars ${file}: write a JSON object of variable names and values`);
}
