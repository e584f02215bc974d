import { environmentPage } from './environment-page';
import { exitCodesPage } from './exit-codes-page';
import { failureCodesPage } from './failure-codes-page';
import { logEventsPage } from './log-events-page';
import { adml, admx, plist } from './policy-templates';
import { problemsPage } from './problems-page';
import { settingsPage } from './settings-page';

/** Every document that is generated from the sources, by its path below `docs`. */
export function pages(): Readonly<Record<string, string>> {
  return {
    'environment.md': environmentPage(),
    'exit-codes.md': exitCodesPage(),
    'failure-codes.md': failureCodesPage(),
    'log-events.md': logEventsPage(),
    'problems.md': problemsPage(),
    'settings.md': settingsPage(),
    'admin/policies/screen-recording-service.admx': admx(),
    'admin/policies/en-US/screen-recording-service.adml': adml(),
    'admin/policies/org.screenrecordingservice.desktop.plist': plist(),
  };
}
