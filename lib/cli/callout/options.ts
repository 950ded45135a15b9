import { UsageError } from '../exit.ts';
import { readInput } from '../read-input.ts';

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

/** Origins and the URLs they go to. */
export function upstreams(flags: Pick<CalloutFlags, 'upstream'>): Record<string, string> {
  return Object.fromEntries(
    (flags.upstream ?? []).map((pair) => {
      const [origin, url] = splitPair(pair, '--upstream', 'ORIGIN=URL');
      requireUrl(url, '--upstream', pair);
      return [origin, url];
    }),
  );
}

export function requireUrl(text: string, flag: string, given: string = text): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && (url.protocol === 'http:' || url.protocol === 'https:')) return url;
  throw new UsageError(`${flag} ${given}: "${text}" is no http or https URL`);
}

function splitPair(pair: string, flag: string, form: string): readonly [string, string] {
  const equals = pair.indexOf('=');
  if (equals > 0) return [pair.slice(0, equals), pair.slice(equals + 1)];
  throw new UsageError(`${flag} ${pair}: write it as ${form}`);
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
