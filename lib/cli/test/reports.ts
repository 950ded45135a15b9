import { htmlReport } from '../../verification/report/html.ts';
import { jsonReport } from '../../verification/report/json.ts';
import { junitReport } from '../../verification/report/junit.ts';
import type { Run } from '../../verification/report/run.ts';
import { specReport, summaryLine, type Paint } from '../../verification/report/spec.ts';
import { tapReport } from '../../verification/report/tap.ts';
import { printableLine } from '../terminal/printable.ts';
import type { Streams } from '../terminal/streams.ts';
import { writeWhole } from '../write-whole.ts';
import type { Reporter, TestFlags } from './options.ts';

/** Writes what a run came to. @throws {UsageError} when a file cannot be written */
export async function writeReports(run: Run, flags: TestFlags, streams: Streams): Promise<void> {
  const form = flags.json === true ? 'json' : flags.reporter;
  const paint = paintOf(streams);
  if (flags.output === undefined) streams.stdout.write(reportIn(form, run, paint));
  else {
    await writeWhole(flags.output, reportIn(form, run, plain));
    streams.stdout.write(`${summaryLine(run, paint)}\n`);
  }
}

function reportIn(form: Reporter, run: Run, paint: Paint): string {
  switch (form) {
    case 'spec':
      return specReport(run, paint);
    case 'json':
      return jsonReport(run);
    case 'junit':
      return junitReport(run);
    case 'tap':
      return tapReport(run);
    case 'html':
      return htmlReport(run);
  }
}

/** What services and files hold must not move the cursor. */
function paintOf({ colors }: Streams): Paint {
  return {
    good: colors.green,
    bad: colors.red,
    dim: colors.dim,
    strong: colors.bold,
    text: printableLine,
  };
}

const unchanged = (text: string): string => text;

const plain: Paint = {
  good: unchanged,
  bad: unchanged,
  dim: unchanged,
  strong: unchanged,
  text: printableLine,
};
