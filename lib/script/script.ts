import { diagnosticAt, type Report } from '../diagnostic/diagnostic.ts';
import type { Location } from '../diagnostic/location.ts';
import { placeOf } from '../diagnostic/place.ts';
import { checkDialect } from './dialect.ts';
import { e4xAt } from './e4x.ts';
import { parseScript, SourceFile, type ScriptText } from './source-file.ts';
import type { Program } from './syntax-tree.ts';

/** One file of a script, and where findings about it are placed. */
export interface ScriptPart extends ScriptText {
  /** Of the text's first character. */
  readonly location: Location;
}

/** Files that are evaluated one after the other in one global scope. */
export interface Script {
  readonly files: readonly SourceFile[];
  /** Strings that the object model of the sandbox is set up with. */
  readonly settings: string;
}

/**
 * Compiles a script. What is wrong with its syntax is reported as Apigee's ScriptCompilationFailed; what
 * only Rhino refuses is a warning. Undefined if a file cannot be compiled.
 */
export function compileScript(
  parts: readonly ScriptPart[],
  settings: Readonly<Record<string, unknown>>,
  report: Report,
): Script | undefined {
  const scope = parts.length > 1 ? 'shared' : 'alone';
  const files = parts.map((part) => {
    const program = parsed(part, report);
    if (program === undefined) return undefined;
    checkDialect(part.text, program, part.location, report);
    return new SourceFile(part, program, scope);
  });
  const whole = files.filter((file) => file !== undefined);
  if (whole.length < files.length) return undefined;
  return { files: whole, settings: JSON.stringify(settings) };
}

function parsed({ name, text, location }: ScriptPart, report: Report): Program | undefined {
  try {
    return parseScript(text);
  } catch (error) {
    if (error instanceof RangeError) {
      report(refusal(name, location, 'the script is nested too deeply', 'Simplify it.'));
      return undefined;
    }
    if (!(error instanceof SyntaxError) || !('pos' in error)) throw error;
    const offset = Number(error.pos);
    const place = placeOf(location, text, offset);
    const e4x = e4xAt(text, offset);
    report(
      e4x === undefined
        ? refusal(name, place, withoutPlace(error.message), 'Mend the syntax.')
        : refusal(
            name,
            place,
            `${e4x} is E4X, which is not supported`,
            'Read XML with ExtractVariables or XMLToJSON before the script.',
          ),
    );
    return undefined;
  }
}

function refusal(name: string, place: Location, message: string, hint: string) {
  const text = `Compilation of ${name} failed: ${message}.`;
  return diagnosticAt(place, 'error', 'ScriptCompilationFailed', text, hint);
}

/** acorn ends its messages with the place: `Unexpected token (1:4)`. */
function withoutPlace(message: string): string {
  return message.replace(/ \(\d+:\d+\)$/, '');
}
