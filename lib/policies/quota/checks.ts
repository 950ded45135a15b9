import { diagnosticAt, type Report } from '../../diagnostic/diagnostic.ts';
import type { Location } from '../../diagnostic/location.ts';
import { wholeNumber } from '../../xml/grammar/value.ts';
import type { LimitNode, QuotaPolicy, TextOrRefNode } from './grammar.ts';
import { readInterval, readTimeUnit } from './period.ts';
import { effectiveType } from './quota-window.ts';
import { readStartTime } from './start-time.ts';

type ReportError = (place: Location, code: string, message: string, hint: string) => void;

/** The deployment's rules ("Quota policy deployment error troubleshooting"), and what a linter would say. */
export function checkQuota(policy: QuotaPolicy, report: Report): void {
  const reportError: ReportError = (place, code, message, hint) => {
    report(diagnosticAt(place, 'error', code, message, hint));
  };
  const { allow, useQuotaConfigInApiProduct: product } = policy;
  checkPeriod(policy.interval, policy.timeUnit, policy.name, reportError);
  checkStartTime(policy, reportError);
  checkSynchronization(policy, reportError);
  checkLimits([allow, ...(allow?.class?.allow ?? [])], reportError);
  if (product?.defaultConfig !== undefined) {
    const { interval, timeUnit, allow: limit } = product.defaultConfig;
    checkPeriod(interval, timeUnit, policy.name, reportError);
    const { value = '', textLocation: location = product.location } = limit ?? {};
    const asText = value === '' ? [] : [{ count: value, location }];
    checkLimits([limit, ...asText], reportError);
  }
  warnOfGaps(policy, report);
}

function checkPeriod(
  interval: TextOrRefNode | undefined,
  timeUnit: TextOrRefNode | undefined,
  policy: string,
  reportError: ReportError,
): void {
  const number = interval?.value ?? '';
  if (interval !== undefined && number !== '' && readInterval(number) === undefined) {
    reportError(
      interval.textLocation,
      'InvalidQuotaInterval',
      `Invalid quota interval ${number} in quota policy ${policy}.`,
      'Write a whole number above 0.',
    );
  }
  const unit = timeUnit?.value ?? '';
  if (timeUnit !== undefined && unit !== '' && readTimeUnit(unit) === undefined) {
    reportError(
      timeUnit.textLocation,
      'InvalidQuotaTimeUnit',
      `Invalid quota interval time unit ${unit} in quota policy ${policy}.`,
      'Write minute, hour, day, week or month.',
    );
  }
}

function checkStartTime(policy: QuotaPolicy, reportError: ReportError): void {
  const { startTime, location } = policy;
  const type = effectiveType(policy);
  if (type !== 'calendar') {
    if (startTime === undefined) return;
    reportError(
      startTime.location,
      'StartTimeNotSupported',
      `Starttime is not supported for quotatype ${type}. Starttime is supported only for calendar based type.`,
      'Remove StartTime, or set type="calendar".',
    );
  } else if (startTime === undefined || readStartTime(startTime.value ?? '') === undefined) {
    reportError(
      startTime?.textLocation ?? location,
      'InvalidStartTime',
      `Invalid Starttime:${startTime?.value ?? 'null'}; Start Time should be of the format yyyy-MM-dd HH:mm:ss.`,
      'Say where intervals begin, such as <StartTime>2024-01-01 00:00:00</StartTime>.',
    );
  }
}

function checkSynchronization(policy: QuotaPolicy, reportError: ReportError): void {
  const { distributed, synchronous, timeUnit, asynchronousConfiguration: asynchronous } = policy;
  const unit = readTimeUnit(timeUnit?.value ?? '');
  if (distributed?.value === true && unit === 'second') {
    reportError(
      timeUnit?.textLocation ?? distributed.location,
      'InvalidTimeUnitForDistributedQuota',
      'Invalid timeunit second for distributed quota.',
      'Write minute or more, or set Distributed to false.',
    );
  }
  if (asynchronous === undefined) return;
  if (synchronous?.value === true) {
    reportError(
      asynchronous.location,
      'InvalidAsynchronizeConfigurationForSynchronousQuota',
      'AsynchronousConfiguration is not valid for synchronous quota.',
      'Remove AsynchronousConfiguration, or set Synchronous to false.',
    );
  }
  const { syncIntervalInSeconds: seconds, syncMessageCount: messages } = asynchronous;
  if (seconds !== undefined && isRefused(seconds.value)) {
    reportError(
      seconds.textLocation,
      'InvalidSynchronizeIntervalForAsyncConfiguration',
      'SyncIntervalInSeconds should be a value greater than zero.',
      'Write a number of seconds.',
    );
  }
  if (messages !== undefined && isRefused(messages.value)) {
    reportError(
      messages.textLocation,
      'InvalidSynchronizeMessageCountForAsyncConfiguration',
      'SyncMessageCount should be a value greater than zero.',
      'Write a number of messages.',
    );
  }
}

/** The texts ask for more than zero, but what deployments refuse is less than zero. */
function isRefused(text = ''): boolean {
  const number = wholeNumber(text);
  return text !== '' && (number === undefined || number < 0);
}

function checkLimits(
  nodes: readonly ((Pick<LimitNode, 'count'> & { readonly location: Location }) | undefined)[],
  reportError: ReportError,
): void {
  for (const node of nodes) {
    const count = node?.count ?? '';
    if (node === undefined || count === '' || wholeNumber(count) !== undefined) continue;
    reportError(
      node.location,
      'invalid-allow-count',
      `The count "${count}" of Allow is not a whole number.`,
      'Write a whole number, or name a variable in countRef.',
    );
  }
}

function warnOfGaps(policy: QuotaPolicy, report: Report): void {
  const { allow, interval, timeUnit, useQuotaConfigInApiProduct: product, location } = policy;
  const warn = (place: Location, code: string, message: string, hint: string): void => {
    report(diagnosticAt(place, 'warning', code, message, hint));
  };
  const own = [allow, interval, timeUnit].find((node) => node !== undefined);
  if (product?.defaultConfig !== undefined && own !== undefined) {
    warn(
      own.location,
      'unused-quota-limits',
      'Allow, Interval and TimeUnit have no effect beside UseQuotaConfigInAPIProduct with a DefaultConfig.',
      'Move them into DefaultConfig.',
    );
  }
  if (product === undefined && (interval === undefined || timeUnit === undefined)) {
    const missing = interval === undefined ? 'Interval' : 'TimeUnit';
    warn(
      location,
      'missing-quota-interval',
      `Quota has no ${missing}: each message is a fault.`,
      `Add ${missing}.`,
    );
  }
  const { countOnly, enforceOnly, sharedName } = policy;
  const flag = [countOnly, enforceOnly].find((node) => node?.value === true);
  if (flag === undefined) return;
  if (countOnly?.value === true && enforceOnly?.value === true) {
    warn(
      enforceOnly.location,
      'contradictory-quota',
      'CountOnly and EnforceOnly exclude each other; with both the Quota counts and rejects as usual.',
      'Leave one of them, or none.',
    );
  } else if ((sharedName?.value ?? '') === '') {
    warn(
      flag.location,
      'missing-shared-name',
      'A Quota that only counts or only enforces needs another one that does the rest.',
      'Give both the same SharedName.',
    );
  }
}
