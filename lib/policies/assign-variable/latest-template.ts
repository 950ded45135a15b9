import type { Location } from '../../diagnostic/location.ts';
import { compileTemplate, type Template } from '../../template/template.ts';

/**
 * Compiles templates that come from variables. Only the latest one is kept, since such a variable
 * rarely changes; what is wrong in it has nobody to be reported to and renders as empty text.
 */
export function latestTemplate(location: Location): (source: string) => Template {
  let latest: Template | undefined;
  return (source) => {
    if (latest?.source !== source) {
      latest = compileTemplate(source, { location, report: () => undefined });
    }
    return latest;
  };
}
