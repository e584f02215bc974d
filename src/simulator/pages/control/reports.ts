import { element, table } from './dom';
import type { ReportRow } from './state-view';

export function showReports(reports: readonly ReportRow[]): HTMLElement {
  return table(
    ['Time', 'Agent', 'Recording', 'State', 'Reason', 'Client'],
    reports.map(({ time, userName, recordingId, state, reason, clientVersion }) => [
      new Date(time).toLocaleTimeString(),
      userName,
      element('code', '', recordingId),
      element('span', 'state', state),
      reason ?? '',
      clientVersion ?? '',
    ]),
    'None yet.',
  );
}
