import { attribute, element, leaf, many, optional, ordered } from '../../xml/grammar/element.ts';
import { boolean, integer, text } from '../../xml/grammar/value.ts';

const ref = attribute(text, 'Flow variable whose value wins over the text.');

export const authentication = element({
  doc: 'Sends a token of the deployment\'s service account ("Using Google authentication"). Exactly one token.',
  children: {
    headerName: optional(
      'HeaderName',
      element({
        doc: 'Header that receives the token; Authorization unless given.',
        attributes: { ref },
        text,
      }),
    ),
    token: ordered({
      GoogleAccessToken: element({
        doc: 'An OAuth 2.0 access token.',
        children: {
          scopes: optional(
            'Scopes',
            element({
              doc: 'What the token is for.',
              children: { scope: many('Scope', leaf(text, 'A scope.')) },
            }),
          ),
          lifetimeInSeconds: optional(
            'LifetimeInSeconds',
            element({
              doc: 'Lifetime of the token; 3600 unless given.',
              attributes: { ref },
              text: integer,
            }),
          ),
        },
      }),
      GoogleIDToken: element({
        doc: 'An OpenID Connect token.',
        children: {
          audience: optional(
            'Audience',
            element({
              doc: 'Who the token is for.',
              attributes: {
                ref,
                useTargetUrl: attribute(
                  boolean,
                  'Takes the target URL without its query if nothing else is given.',
                  false,
                ),
              },
              text,
            }),
          ),
          includeEmail: optional(
            'IncludeEmail',
            element({
              doc: 'Adds the claims email and email_verified.',
              attributes: { ref },
              text: boolean,
            }),
          ),
        },
      }),
    }),
  },
});
