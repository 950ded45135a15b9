import { diagnosticAt, type Report } from '../diagnostic/diagnostic.ts';
import { parseLocated, type LocatedMap, type LocatedValue } from '../environment/located-value.ts';
import { pluginName, type KongPlugin } from './plugin.ts';
import { readConfig } from './read-config.ts';

/**
 * Reads the `service-callout` plugins of a Kong configuration, in the order of the file: a declarative
 * configuration (plugins at top level, under services and under routes), a list of plugins, one plugin, or
 * the `config` of one. Other plugins are passed over. Everything wrong is reported, with its place; a
 * plugin with an error is left out.
 */
export function readKongPlugins(text: string, file: string, report: Report): readonly KongPlugin[] {
  const document = parseLocated(text, file, report);
  if (document === undefined) return [];
  const found = pluginNodes(document);
  if (found.length === 0) {
    report(
      diagnosticAt(
        document.location,
        'error',
        'no-plugin',
        `There is no ${pluginName} plugin in it.`,
        `Give a declarative configuration with "plugins:", or one plugin with "name: ${pluginName}" and "config:".`,
      ),
    );
  }
  return found.flatMap((node, index) => readPlugin(node, index, report) ?? []);
}

/** Whether a document looks like Kong's configuration rather than something else in YAML or JSON. */
export function looksLikeKong(file: string): boolean {
  return /\.(?:ya?ml|json)$/i.test(file);
}

/** Every place of a declarative configuration that may hold plugins. */
const holders = ['services', 'routes', 'consumers', 'consumer_groups'] as const;

function pluginNodes(node: LocatedValue): readonly LocatedMap[] {
  if (node.kind === 'list') return node.items.flatMap(onePlugin);
  if (node.kind === 'scalar') return [];
  const itself = onePlugin(node);
  return itself.length > 0 ? itself : nestedPlugins(node);
}

function nestedPlugins(node: LocatedMap): readonly LocatedMap[] {
  const own = itemsOf(node, 'plugins').flatMap(onePlugin);
  const below = holders.flatMap((name) =>
    itemsOf(node, name).flatMap((item) => (item.kind === 'map' ? nestedPlugins(item) : [])),
  );
  return [...own, ...below];
}

function itemsOf(node: LocatedMap, name: string): readonly LocatedValue[] {
  const value = node.entries.get(name)?.value;
  return value?.kind === 'list' ? value.items : [];
}

/** A plugin of the right name, or the bare `config` of one. */
function onePlugin(node: LocatedValue): readonly LocatedMap[] {
  if (node.kind !== 'map') return [];
  const name = node.entries.get('name')?.value;
  if (name?.kind === 'scalar' && name.value === pluginName) return [node];
  return node.entries.has('callout_url') ? [node] : [];
}

const pluginFields: ReadonlySet<string> = new Set([
  'name',
  'instance_name',
  'config',
  'enabled',
  'protocols',
  'tags',
  'id',
  'created_at',
  'updated_at',
  'ordering',
  'consumer',
  'consumer_group',
  'route',
  'service',
]);

function readPlugin(node: LocatedMap, index: number, report: Report): KongPlugin | undefined {
  const isBare = node.entries.has('callout_url');
  const unnamed = index === 0 ? pluginName : `${pluginName} ${index + 1}`;
  if (isBare) return readConfig(node, { name: unnamed, enabled: true }, report);
  for (const [name, { location }] of node.entries) {
    if (pluginFields.has(name)) continue;
    const message = `"${name}" is no field of a plugin.`;
    report(diagnosticAt(location, 'error', 'unknown-field', message, 'Put it under "config:".'));
  }
  const given = node.entries.get('config');
  if (given !== undefined && given.value.kind !== 'map') {
    const hint = 'Write fields such as "callout_url:" below it.';
    const message = '"config" must hold named fields.';
    report(diagnosticAt(given.location, 'error', 'invalid-value', message, hint));
    return undefined;
  }
  const config: LocatedMap =
    given?.value.kind === 'map'
      ? given.value
      : { kind: 'map', entries: new Map(), location: node.location };
  const instance = node.entries.get('instance_name')?.value;
  const enabled = node.entries.get('enabled')?.value;
  return readConfig(
    config,
    {
      name: instance?.kind === 'scalar' ? String(instance.value) : unnamed,
      enabled: !(enabled?.kind === 'scalar' && enabled.value === false),
    },
    report,
  );
}
