import { deniedPortRemedy, deniedPortText, takenPortRemedy, takenPortText, type RefusedPort, type TakenPort } from './port-texts';
import { declare, type NoFacts, type Reason } from './problem-declaration';

/** The part of the catalogue that is about what this service listens for, and to whom. */
export const LISTENING_PROBLEMS = {
  noConfiguration: declare<{ readonly isClosed: boolean }>({
    severity: 'error',
    actor: 'agent',
    action: 'collectDiagnostics',
    text: ({ isClosed }) =>
      isClosed
        ? 'No recording server is configured on this computer, so every login is refused.'
        : 'A login named no recording server, and none is configured.',
    remedy: ({ isClosed }) =>
      isClosed
        ? 'Set "server" in the configuration of this machine, or "allowedServers" for those that the agent desktop may name.'
        : 'Set "server" in the configuration of this machine, or let the agent desktop name it.',
    examples: [{ isClosed: true }, { isClosed: false }],
  }),
  configurationUnknown: declare<{ readonly keys: readonly string[] }>({
    severity: 'warning',
    actor: 'administrator',
    action: 'openLogs',
    text: ({ keys }) => `The configuration has settings that this version does not know: ${keys.join(', ')}.`,
    remedy: () => 'Correct their names, or install the version they are for. "srs config check" names the file of each.',
    examples: [{ keys: ['htp', 'SRS_HTP_PORT'] }],
  }),
  configurationRefused: declare<{ readonly problems: readonly string[]; readonly more?: number }>({
    severity: 'warning',
    actor: 'administrator',
    action: 'openLogs',
    text: ({ problems, more }) =>
      `The configuration was changed and cannot be used; the settings before stay in force. ${problems.join('; ').replace(/\.$/, '')}${more === undefined ? '' : `; and ${more} more`}.`,
    remedy: () => 'Correct it: it is read again by itself. Until then the service would not start with it. "srs config check" tries it.',
    examples: [
      { problems: ['/etc/screen-recording-service/config.json: log.level is "loud"; allowed: "debug" or "info" or "warn" or "error"'] },
    ],
  }),
  restartNeeded: declare<{ readonly settings: readonly string[] }>({
    severity: 'warning',
    actor: 'administrator',
    action: 'restart',
    text: ({ settings }) => `Changed settings take effect when the program is started again: ${settings.join(', ')}.`,
    remedy: () => 'Restart the program when no recording runs, or set them back.',
    guide: 'What is taken over without a restart: *a change takes effect* in `settings.md`.',
    examples: [{ settings: ['server', 'http.port'] }],
  }),
  switchedOff: declare<NoFacts>({
    severity: 'warning',
    actor: 'administrator',
    action: 'openLogs',
    text: () => 'The service is switched off by its configuration ("enabled": false): it listens nowhere and records nothing.',
    remedy: () => 'Set "enabled" to true when recordings are wanted again.',
    examples: [{}],
  }),
  inBackground: declare<NoFacts>({
    severity: 'warning',
    actor: 'nobody',
    action: 'collectDiagnostics',
    text: () => 'Another session of this computer is in front: this service has ended its own, and leaves the port to the one there.',
    remedy: () => 'Nothing: it listens again as soon as this session is in front, and the agent desktop signs in again.',
    examples: [{}],
  }),
  portTaken: declare<(TakenPort | Reason) & { readonly retrySeconds?: number }>({
    severity: 'error',
    actor: 'agent',
    action: 'restart',
    text: (facts) => `Could not listen: ${'reason' in facts ? facts.reason : `${takenPortText(facts)}.`}`,
    remedy: (facts) => {
      const { retrySeconds: seconds } = facts;
      const again = seconds === undefined ? 'Then restart this program.' : `The service tries again by itself, every ${seconds} seconds.`;
      return 'reason' in facts ? again : `${takenPortRemedy(facts)} ${again}`;
    },
    guide: 'If another user of the computer holds it, see *PCs that several people use* in `administrators.md`.',
    examples: [
      { address: '127.0.0.1', port: 8080, setting: 'http.port', whose: 'sameUser', process: { id: 4711, name: 'nginx' } },
      { address: '127.0.0.1', port: 8080, setting: 'http.port', whose: 'otherUser', user: 'ben', retrySeconds: 5 },
    ],
  }),
  portDenied: declare<RefusedPort>({
    severity: 'error',
    actor: 'agent',
    action: 'openLogs',
    text: (port) => `Could not listen: ${deniedPortText(port)}.`,
    remedy: (port) => `${deniedPortRemedy(port)} Then restart this program.`,
    guide: 'Below 1024 on Linux, or a range that Windows keeps.',
    examples: [{ address: '127.0.0.1', port: 443, setting: 'http.port' }],
  }),
  originRefused: declare<{ readonly origins: readonly string[] }>({
    severity: 'warning',
    actor: 'administrator',
    action: 'openLogs',
    text: ({ origins }) => `A web page was refused because its origin is not allowed: ${origins.join(', ')}.`,
    remedy: ({ origins }) =>
      `If that is your agent desktop, add it to the configuration: "allowedOrigins": [${origins.map((origin) => `"${origin}"`).join(', ')}].`,
    examples: [{ origins: ['https://desktop.example.com'] }],
  }),
  callerUnknown: declare<Reason & { readonly isAdmitted: boolean }>({
    severity: 'warning',
    actor: 'administrator',
    action: 'openLogs',
    text: ({ reason, isAdmitted }) =>
      `It cannot be told which user of this computer a program belongs to, and it was ${isAdmitted ? 'admitted' : 'refused'}: ${reason}.`,
    remedy: ({ isAdmitted }) =>
      isAdmitted
        ? 'Where several people use this computer at once, set "otherUsers" to "refuse".'
        : 'Where one person alone uses this computer, set "otherUsers" to "allow".',
    examples: [
      { reason: 'this system does not tell which user a caller is', isAdmitted: true },
      { reason: 'the system did not answer in time', isAdmitted: false },
    ],
  }),
} as const;
