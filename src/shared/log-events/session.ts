import { FAULT, type LogEvents } from './declaration';

export const SESSION_EVENTS = {
  debug: {
    'RWS did not answer the probe': 'The primary is still away; the peer goes on.',
    'a notification that is no recording command': 'RWS sent something else on the channel; it is left alone.',
  },
  info: {
    'session changed': 'The agent’s session went `from` one state `to` another.',
    'session closed': 'The session is over; `reason` says why.',
    'login attempt failed': 'One server refused or did not answer; `which` and `attempt` count, the next one is tried.',
    'the keychain could not be used': 'The session lives in memory alone, and not through a restart.',
    'state report not sent': 'RWS was not told of a recording’s state; the recording itself is not touched.',
    'half a session may be left at RWS': 'A login was broken off; RWS ends such a session by itself.',
    'RWS takes no state reports: none are sent any more': 'It answered 404 or the like. Set `rws.paths.report` if it has them elsewhere.',
    'login kept for the upload queue': 'After the logout the agent’s recordings are still uploaded with it, for `minutes`.',
    'login for the upload queue dropped: its time is over': 'See `upload.afterLogoutMinutes`.',
  },
  warn: {
    'certificates are left out': 'Authorities that cannot be read are not trusted: `what`.',
    'the proxy of the system is not known': 'The direct way is taken instead: `reason`.',
    'RWS refused the start operation': 'The login goes on without; see the problem `startOperationRefused`.',
    'RWS was not told that the session is over': 'It did not answer in time; it ends the session by itself.',
    'state report dropped: the recording belongs to another server':
      'A report is never sent to a server that had no part in the recording.',
    'the stored session is not resumed: its server is not allowed any more': 'The configuration changed; the agent desktop logs in anew.',
  },
  error: {
    'the CometD core failed': FAULT,
    'the stored session could not be looked for': 'After a restart nobody is signed in until the agent desktop logs in.',
    'the running recording was not finished': 'At the session’s end; what is on disk is finished at the next start.',
    'the session in the background was not ended': 'Another user’s session is in front; the end is tried at the next switch.',
    'a session listener failed': FAULT,
    'a listener for upload logins failed': FAULT,
  },
} as const satisfies LogEvents;
