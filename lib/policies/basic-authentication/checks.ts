import { diagnosticAt, type Report } from '../../diagnostic/diagnostic.ts';
import type { BasicAuthenticationPolicy } from './grammar.ts';

/** The deployment's rules ("BasicAuthentication policy"). */
export function checkBasicAuthentication(policy: BasicAuthenticationPolicy, report: Report): void {
  const { name, location, operation, user, password, source, assignTo } = policy;
  const require = (isThere: boolean, element: string, code: string, hint: string): void => {
    if (isThere) return;
    const message = `BasicAuthentication[${name}]: ${element} is required.`;
    report(diagnosticAt(location, 'error', code, message, hint));
  };
  const refHint = (element: string): string =>
    `Name the variable: <${element} ref="private.NAME"/>.`;
  require((user?.ref ?? '') !== '', 'the variable of User', 'UserNameRequired', refHint('User'));
  require((password?.ref ?? '') !== '', 'the variable of Password', 'PasswordRequired', refHint(
    'Password',
  ));
  switch (operation?.value) {
    case 'Encode':
      require((assignTo?.value ?? '') !==
        '', 'AssignTo', 'AssignToRequired', 'Name the variable that gets the header, such as request.header.Authorization.');
      return;
    case 'Decode':
      require((source?.value ?? '') !==
        '', 'Source', 'SourceRequired', 'Name the variable with the header, such as request.header.Authorization.');
      return;
    case undefined:
      require(false, 'Operation', 'OperationRequired', 'Write Encode or Decode.');
  }
}
