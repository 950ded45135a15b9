import { attribute, element, ignored, many, optional } from '../../xml/grammar/element.ts';
import { text } from '../../xml/grammar/value.ts';
import { policyElement, type PolicyNode } from '../policy-grammar.ts';

export const statisticTypes = ['string', 'integer', 'float', 'long', 'double', 'boolean'] as const;
export type StatisticType = (typeof statisticTypes)[number];

/** Grammar of StatisticsCollector ("Statistics Collector policy"). */
export const statisticsCollectorGrammar = policyElement('Collects values for analytics.', {
  statistics: optional(
    'Statistics',
    element({
      doc: 'The values.',
      children: {
        statistic: many(
          'Statistic',
          element({
            doc: 'A value; the text is what counts where the variable is unresolved.',
            attributes: {
              name: attribute(text, 'Its name in analytics.', ''),
              ref: attribute(text, 'The variable that holds it.', ''),
              type: attribute(text, `One of ${statisticTypes.join(', ')}.`, ''),
            },
            text,
          }),
        ),
      },
    }),
  ),
  unused: ignored('Properties', 'Present in old bundles; not used.'),
});

export type StatisticsCollectorPolicy = PolicyNode<
  'StatisticsCollector',
  typeof statisticsCollectorGrammar
>;
