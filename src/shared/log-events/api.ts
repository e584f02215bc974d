import { FAULT, type LogEvents } from './declaration';

export const API_EVENTS = {
  info: {
    listening: 'The local API answers at `addresses` (or `endpoints`).',
    'listening without IPv6, which this computer does not have': '127.0.0.1 only; nothing is wrong.',
    'unknown login parameters ignored': 'The agent desktop sent parameters in the login that the contract does not have: `names`.',
    'server certificate issued': 'The service made itself a new certificate for https.',
    'certificate authority made':
      'A new authority: browsers have to be told to trust it (`srs certificate trust`, or policy). `keyIsKept`: later certificates need no new trust.',
    'the certificate authority’s key cannot be kept: no keychain': 'The certificate is valid for long, and the next one needs new trust.',
    'the https certificate has changed': 'The new one is served from now on.',
  },
  warn: {
    'https is enabled but there is no certificate: listening without it':
      'Only http answers; the problem `certificateUnavailable` says why.',
    'credentials refused': 'RWS refused user name or password when a caller had to prove who it is. `asked` counts; further tries wait.',
    'request of an origin that is not allowed refused':
      'A page of `origin` called. If it is the agent desktop, add it to `allowedOrigins`.',
    'request of another user of this computer refused': 'A process of `user` called; it is answered 403.',
    'caller admitted of whom it cannot be told which user it is':
      'As `otherUsers` has it; `reason`. It is known by its origin and login alone.',
    'caller refused of whom it cannot be told which user it is': 'As `otherUsers` has it; `reason`. It is answered 403.',
    'the certificate authority in the data directory is not one of ours: a new one is made': 'Somebody replaced `ca.pem`; find out who.',
    'the certificate could not be replaced': 'It is tried again; the one there is goes on.',
    'the certificate authority’s key cannot be read': 'The keychain does not give it; the certificate is renewed when it does.',
    'the https certificate could not be checked': 'The file was not readable at this look; the one there is goes on.',
    'the https certificate names neither 127.0.0.1 nor localhost: browsers will refuse it': 'Use a certificate for these names.',
    'there is no certificate for the https address': 'See the problem `certificateUnavailable`.',
  },
  error: {
    'not listening with the certificate that came': 'The https address could not be opened; `reason` says why.',
    'new certificate not taken over': 'The former one goes on.',
    'request failed': 'A request was answered 500. `path` and `error` belong into a fault report.',
    'it could not be found out which user a caller is': 'The system’s list of connections could not be read; the caller is refused.',
  },
} as const satisfies LogEvents;

export const SIMULATOR_EVENTS = {
  info: {
    'went offline': 'The simulator’s data centre was switched off on its control page.',
    online: 'The simulator’s data centre answers again.',
  },
  error: { 'control request failed': FAULT },
} as const satisfies LogEvents;
