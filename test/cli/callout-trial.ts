import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ReceivedRequest } from '../support/request-reader.ts';
import { startUpstream, type Answer } from '../support/upstream.ts';
import { apx, type Run } from './streams.ts';

/** A service on loopback and a folder of files, for one test. */
export interface Trial {
  readonly folder: string;
  /** Where the service listens. */
  readonly url: string;
  /** What reached the service, in order. */
  readonly calls: readonly ReceivedRequest[];
  readonly file: (name: string, content: string | Buffer) => Promise<string>;
  /** Runs `apx callout` on a policy, with `http://up.test` going to the service. */
  readonly callout: (policy: string, ...flags: readonly string[]) => Promise<Run>;
}

export async function trial(
  test: (trial: Trial) => Promise<void>,
  answers: readonly Answer[] = [{}],
): Promise<void> {
  const calls: ReceivedRequest[] = [];
  const folder = await mkdtemp(join(tmpdir(), 'apx-callout-'));
  const service = await startUpstream({
    answers,
    certificate: undefined,
    onCall: (call) => calls.push(call),
  });
  const file: Trial['file'] = async (name, content) => {
    const path = join(folder, name);
    await writeFile(path, content);
    return path;
  };
  try {
    await test({
      folder,
      url: service.url,
      calls,
      file,
      async callout(policy, ...flags) {
        const path = await file('SC.xml', policy);
        return apx(['callout', path, '--upstream', `http://up.test=${service.url}`, ...flags]);
      },
    });
  } finally {
    await service.close();
    await rm(folder, { recursive: true });
  }
}

/** A ServiceCallout named SC that keeps its response in `r`, with these parts of its own. */
export function calloutPolicy(parts: {
  readonly attributes?: string;
  readonly request?: string;
  readonly response?: string;
  readonly connection?: string;
}): string {
  const { attributes = '', request = '', response = '<Response>r</Response>' } = parts;
  const connection =
    parts.connection ?? '<HTTPTargetConnection><URL>http://up.test/p</URL></HTTPTargetConnection>';
  return `<ServiceCallout name="SC"${attributes}>${request}${response}${connection}</ServiceCallout>`;
}

/** A request with these headers, each a template. */
export function withHeaders(headers: Readonly<Record<string, string>>): string {
  const lines = Object.entries(headers).map(
    ([name, value]) => `<Header name="${name}">${value}</Header>`,
  );
  return `<Request><Set><Headers>${lines.join('')}</Headers></Set></Request>`;
}
