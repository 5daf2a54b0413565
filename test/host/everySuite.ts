import { leaveNothingBehind } from './leaveNothingBehind';

// A file of hooks for whoever runs the suites, ours and `npx vscode-test`: every suite is loaded by the time this runs.
before('every suite tidies up', function () {
  for (const suite of this.test!.parent!.suites) leaveNothingBehind(suite);
});
