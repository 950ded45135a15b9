import { flowValueText } from '../../message/flow-value.ts';
import type { Flow } from '../../variables/flow.ts';
import { variableReference } from '../../variables/flow-variables.ts';
import {
  compileAllowance,
  compileLimit,
  defaultLimit,
  limitOf,
  type Allowance,
} from './allowance.ts';
import { intervalNotResolved, timeUnitNotResolved } from './faults.ts';
import type { QuotaPolicy, TextOrRefNode } from './grammar.ts';
import { readInterval, readTimeUnit, type Period } from './period.ts';

/** How much a message's client may use in how much time. */
export interface QuotaLimits extends Allowance {
  readonly period: Period;
}

/**
 * Finds limit and interval of a message: those of its API product if the policy says so and the product
 * has all three, else DefaultConfig, else what the policy itself says.
 * @throws {Fault} from the function returned: FailedToResolveQuotaIntervalReference and its like
 */
export function compileLimits(policy: QuotaPolicy): (flow: Flow) => QuotaLimits {
  const { allow, interval, timeUnit, useQuotaConfigInApiProduct: product } = policy;
  if (product === undefined) return compileOwnLimits(policy);
  const ofProduct = productPrefixes(product.stepName).map(compileProductLimits);
  const { defaultConfig } = product;
  const otherwise =
    defaultConfig !== undefined
      ? compileDefaultConfig(defaultConfig)
      : allow !== undefined || interval !== undefined || timeUnit !== undefined
        ? compileOwnLimits(policy)
        : noLimits(product.stepName);
  return (flow) => {
    for (const limitsOf of ofProduct) {
      const limits = limitsOf(flow);
      if (limits !== undefined) return limits;
    }
    return otherwise(flow);
  };
}

/** Where a step leaves what it knows of a client: VerifyAPIKey under its name, OAuthV2 plainly. */
export function productPrefixes(step: string): readonly string[] {
  return step === '' ? [''] : [`verifyapikey.${step}.`, ''];
}

function compileOwnLimits({
  allow,
  interval,
  timeUnit,
}: Pick<QuotaPolicy, 'allow' | 'interval' | 'timeUnit'>): (flow: Flow) => QuotaLimits {
  return limitsFrom(compileAllowance(allow), interval, timeUnit);
}

type DefaultConfigNode = NonNullable<
  NonNullable<QuotaPolicy['useQuotaConfigInApiProduct']>['defaultConfig']
>;

function compileDefaultConfig({ allow, interval, timeUnit }: DefaultConfigNode) {
  const written = allow?.value ?? '';
  const node =
    allow === undefined ? undefined : written === '' ? allow : { ...allow, count: written };
  const limit = compileLimit(node);
  return limitsFrom(
    (flow) => ({ limit: limit(flow) ?? defaultLimit, class: undefined }),
    interval,
    timeUnit,
  );
}

function limitsFrom(
  allowanceOf: (flow: Flow) => Allowance,
  interval: TextOrRefNode | undefined,
  timeUnit: TextOrRefNode | undefined,
): (flow: Flow) => QuotaLimits {
  const intervalOf = compileReading(interval, readInterval, intervalNotResolved);
  const unitOf = compileReading(timeUnit, readTimeUnit, timeUnitNotResolved);
  return (flow) => {
    const period = { interval: intervalOf(flow), unit: unitOf(flow) };
    return { ...allowanceOf(flow), period };
  };
}

/** Reads an element whose variable comes before its text. */
function compileReading<Value>(
  node: TextOrRefNode | undefined,
  read: (text: string) => Value | undefined,
  notResolved: (reference: string, value?: string) => Error,
): (flow: Flow) => Value {
  const ref = node?.ref ?? '';
  const literal = read(node?.value ?? '');
  const variable = ref === '' ? undefined : variableReference(ref);
  return ({ variables }) => {
    const given = variable?.read(variables);
    if (given === null || given === undefined) {
      if (literal === undefined) throw notResolved(ref === '' ? 'null' : ref);
      return literal;
    }
    const value = read(flowValueText(given));
    if (value === undefined) throw notResolved(ref, flowValueText(given));
    return value;
  };
}

/** A product's quota counts only as a whole: with limit, interval and time unit. */
function compileProductLimits(prefix: string): (flow: Flow) => QuotaLimits | undefined {
  const name = `${prefix}apiproduct.developer.quota.`;
  const limit = variableReference(`${name}limit`);
  const interval = variableReference(`${name}interval`);
  const timeUnit = variableReference(`${name}timeunit`);
  return ({ variables }) => {
    const allowed = limitOf(limit.read(variables));
    if (allowed === undefined) return undefined;
    const number = readInterval(flowValueText(interval.read(variables)));
    const unit = readTimeUnit(flowValueText(timeUnit.read(variables)));
    return number === undefined || unit === undefined
      ? undefined
      : { limit: allowed, class: undefined, period: { interval: number, unit } };
  };
}

function noLimits(step: string): () => never {
  const [prefix = ''] = productPrefixes(step);
  return () => {
    throw intervalNotResolved(`${prefix}apiproduct.developer.quota.interval`);
  };
}
