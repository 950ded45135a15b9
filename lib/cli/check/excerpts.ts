import type { SourceFile } from '../../bundle/source.ts';
import { DeploymentError } from '../../diagnostic/deployment-error.ts';
import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { excerpt } from '../../diagnostic/excerpt.ts';
import { decodeXml } from '../../xml/decode.ts';

/** A file with more findings than this has enough of them shown with their source. */
const mostPerFile = 50;

/** The source lines of findings, as far as they are about one of the files; these alone are read. */
export async function excerptsOf(
  diagnostics: readonly Diagnostic[],
  files: readonly SourceFile[],
): Promise<ReadonlyMap<Diagnostic, string>> {
  const byFile = new Map<string, Diagnostic[]>();
  for (const diagnostic of diagnostics) {
    const about = byFile.get(diagnostic.file) ?? [];
    byFile.set(diagnostic.file, about);
    if (about.length < mostPerFile) about.push(diagnostic);
  }
  const excerpts = new Map<Diagnostic, string>();
  for (const file of files) {
    const about = byFile.get(file.name);
    const text = about === undefined ? undefined : await textOf(file);
    if (about === undefined || text === undefined) continue;
    for (const diagnostic of about) excerpts.set(diagnostic, excerpt(text, diagnostic));
  }
  return excerpts;
}

async function textOf(file: SourceFile): Promise<string | undefined> {
  try {
    return decodeXml(await file.bytes(), { file: file.name, report: () => undefined });
  } catch (error) {
    if (!(error instanceof DeploymentError)) throw error;
    return undefined;
  }
}
