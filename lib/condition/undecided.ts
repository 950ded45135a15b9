import { formatLocation, type Location } from '../diagnostic/location.ts';
import { Fault } from '../fault/fault.ts';
import { JavaRegexBudgetError, JavaRegexError } from '../java/regex/java-regex.ts';

/** Whether an error means that a comparison cannot be decided. */
export function isUndecided(error: unknown): error is JavaRegexBudgetError | JavaRegexError {
  return error instanceof JavaRegexBudgetError || error instanceof JavaRegexError;
}

/**
 * The fault for a condition that cannot be decided; Apigee documents none. Were it taken as false, a
 * client could get past a guard by a text that its regular expression cannot cope with.
 */
export function undecidedCondition(cause: Error, location: Location): Fault {
  return new Fault({
    code: 'messaging.runtime.ConditionUndecided',
    faultstring: 'Unable to decide a condition',
    cause,
    hint: `The condition is at ${formatLocation(location)}. ${cause.message}`,
  });
}
