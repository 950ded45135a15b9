/** Everything that this folder offers, for importers that were written before its files. */
export {
  compileJavaRegex,
  JavaRegexBudgetError,
  JavaRegexError,
  JavaReplacementError,
  type JavaMatch,
  type JavaRegex,
} from './regex/java-regex.ts';
export { compileDatePattern, DatePatternError } from './simple-date-format.ts';
export { compileXeger, XegerError, type RandomBelow } from './xeger.ts';
