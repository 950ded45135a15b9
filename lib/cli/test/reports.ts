import { readFileSync } from 'node:fs';
import { coverageReport } from '../../verification/report/coverage.ts';
import { htmlReport } from '../../verification/report/html.ts';
import { jsonReport } from '../../verification/report/json.ts';
import { junitReport } from '../../verification/report/junit.ts';
import { lcovReport } from '../../verification/report/lcov.ts';
import type { Run } from '../../verification/report/run.ts';
import type { Paint } from '../../verification/report/paint.ts';
import { specReport, summaryLine } from '../../verification/report/spec.ts';
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
    if (flags.coverage === true) streams.stdout.write(coverageReport(run.coverage ?? [], paint));
  }
  if (flags.lcov !== undefined) await writeWhole(flags.lcov, lcovReport(run.coverage ?? []));
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
      return htmlReport(run, sourceOf);
  }
}

/** Undefined for what stands in an archive, or is gone. */
function sourceOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
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
