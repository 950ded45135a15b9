import type { FlowVariables } from '../../variables/flow-variables.ts';
import { variableReference } from '../../variables/flow-variables.ts';

/** What a Quota tells of a counter. */
export interface QuotaReport {
  readonly identifier: string;
  readonly class: string | undefined;
  /** Undefined where nothing is limited. */
  readonly limit: number | undefined;
  readonly used: number;
  /** Milliseconds since 1970. */
  readonly end: number;
  readonly isExceeded: boolean;
}

/** What Apigee shows as the limit where there is none. */
const noLimit = 2n ** 63n - 1n;

/** Sets the variables `ratelimit.NAME.*` ("Quota policy", flow variables). */
export function compileQuotaVariables(
  policy: string,
): (variables: FlowVariables, report: QuotaReport) => void {
  const own = compileCounts(`ratelimit.${policy}.`);
  const ofClass = compileCounts(`ratelimit.${policy}.class.`);
  const className = variableReference(`ratelimit.${policy}.class`);
  const identifier = variableReference(`ratelimit.${policy}.identifier`);
  const expiryTime = variableReference(`ratelimit.${policy}.expiry.time`);
  return (variables, report) => {
    own(variables, report);
    identifier.write(variables, report.identifier);
    expiryTime.write(variables, report.end);
    if (report.class === undefined) return;
    className.write(variables, report.class);
    ofClass(variables, report);
  };
}

type Counts = Pick<QuotaReport, 'limit' | 'used' | 'isExceeded'>;

function compileCounts(prefix: string): (variables: FlowVariables, counts: Counts) => void {
  const allowed = variableReference(`${prefix}allowed.count`);
  const usedCount = variableReference(`${prefix}used.count`);
  const available = variableReference(`${prefix}available.count`);
  const exceed = variableReference(`${prefix}exceed.count`);
  const totalExceed = variableReference(`${prefix}total.exceed.count`);
  return (variables, { limit, used, isExceeded }) => {
    const exceeded = isExceeded ? 1 : 0;
    allowed.write(variables, limit ?? noLimit);
    usedCount.write(variables, used);
    available.write(
      variables,
      limit === undefined ? noLimit - BigInt(used) : Math.max(0, limit - used),
    );
    exceed.write(variables, exceeded);
    totalExceed.write(variables, exceeded);
  };
}
