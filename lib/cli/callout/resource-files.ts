import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Environment } from '../../host/environment.ts';
import type { PolicyResources } from '../../policies/policy-type.ts';

/**
 * The resources of a policy that stands in a bundle: `jsc://x.js` is `../resources/jsc/x.js`, seen from the
 * policy's file, else a resource of the environment.
 */
export function resourceFiles(policyFile: string, environment: Environment): PolicyResources {
  const folder = path.resolve(path.dirname(policyFile), '../resources');
  return {
    read(url) {
      const file = fileOf(folder, url);
      return (file === undefined ? undefined : bytesOf(file)) ?? environment.resources?.get(url);
    },
    place(url) {
      const file = fileOf(folder, url);
      return file === undefined || bytesOf(file) === undefined
        ? undefined
        : path.relative(process.cwd(), file);
    },
  };
}

/** Undefined for a URL that leads out of the folder of its type. */
function fileOf(folder: string, url: string): string | undefined {
  const [, type = '', name = ''] = /^([a-z]+):\/\/(.+)$/s.exec(url) ?? [];
  if (type === '' || name.includes('\0')) return undefined;
  const files = path.join(folder, type);
  const file = path.join(files, name);
  return file.startsWith(files + path.sep) ? file : undefined;
}

function bytesOf(file: string): Uint8Array | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}
