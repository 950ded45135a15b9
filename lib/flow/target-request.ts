import type { Retention } from '../connection/connection-properties.ts';
import { joinPaths } from '../connection/request-target.ts';
import type { Destination } from '../connection/http-connection.ts';
import type { HeaderLine } from '../message/header-lines.ts';
import type { FlowValue } from '../message/flow-value.ts';
import { variableReference, type FlowVariables } from '../variables/flow-variables.ts';

const copyPathSuffix = variableReference('target.copy.pathsuffix');
const copyQueryParams = variableReference('target.copy.queryparams');

/** Whether a flow wants what is copied by default; the boolean and the text `false` both say no. */
function isCopied(value: FlowValue): boolean {
  return value !== false && !(typeof value === 'string' && value.trim().toLowerCase() === 'false');
}

/** What of the request goes into the target's URL ("Flow variables reference", target.copy.*). */
export function copiedParts(
  variables: FlowVariables,
  request: { readonly pathSuffix: string; readonly query: string },
): { readonly path: string; readonly query: string } {
  return {
    path: isCopied(copyPathSuffix.read(variables)) ? request.pathSuffix : '',
    query: isCopied(copyQueryParams.read(variables)) ? request.query : '',
  };
}

/** The request line's target at a destination: the path joined with one slash, both queries in order. */
export function targetPath(
  { path, query }: Destination,
  copied: { readonly path: string; readonly query: string },
): { readonly path: string; readonly query: string } {
  return {
    path: joinPaths(path, copied.path),
    query: query === '' || copied.query === '' ? query + copied.query : `${query}&${copied.query}`,
  };
}

export function retainedHeaders(
  lines: readonly HeaderLine[],
  retention: Retention,
): readonly HeaderLine[] {
  return retention === 'all' ? lines : lines.filter(([name]) => retention.has(name.toLowerCase()));
}
