import { chmod, writeFile } from 'node:fs/promises';
import { createServer as createTcp } from 'node:net';
import { join } from 'node:path';
import { OwnCertificateFiles } from '../../../src/certificate/own-certificate-files';
import { issueAuthority, issueServer } from '../../../src/certificate/issue';
import { dataPaths } from '../../../src/config/data-paths';
import { XdgAutoStart } from '../../../src/desktop/start-at-login/xdg-auto-start';
import type { StepResult } from '../../../src/diagnostics/step';
import { findChromium } from '../../../src/headless/find-chromium';
import { asRws, days, DoctorWorld, pem } from '../../support/doctor-world';
import { startSrs } from '../../support/srs-process';

type Plant = (world: DoctorWorld) => Promise<void> | void;

interface Fault {
  readonly step: string;
  readonly says: RegExp;
  /** What to do. */
  readonly remedy: RegExp;
  readonly plant: Plant;
  readonly outcome?: 'warning';
}

const setting =
  (name: string, value: string): Plant =>
  ({ env }) => {
    env[name] = value;
  };
const machineFile =
  (content: string | object): Plant =>
  async (world) =>
    chmod(await world.write('machine.json', content), 0o600);
const errno = (code: string): Error => Object.assign(new Error(code), { code });
const organisationCertificate = async (world: DoctorWorld, { cert, key }: { cert: string; key: string }): Promise<void> => {
  world.env['SRS_HTTPS_CERTIFICATE'] = await world.write('https.pem', cert);
  world.env['SRS_HTTPS_KEY'] = await world.write('https.key', key);
};
const onLinux = (world: DoctorWorld, env: Record<string, string>): void => {
  world.machine = { ...world.machine, platform: 'linux', env };
};

const CONFIGURATION: Readonly<Record<string, Fault>> = {
  'a value of a wrong kind': {
    step: 'configuration',
    says: /SRS_HTTP_PORT.*seventy/,
    remedy: /Correct it/,
    plant: setting('SRS_HTTP_PORT', 'seventy'),
  },
  'a setting nobody knows': {
    step: 'configuration',
    outcome: 'warning',
    says: /htp.*machine\.json/,
    remedy: /Correct their names/,
    plant: machineFile({ htp: { port: 1 } }),
  },
  'a file that is no JSON': { step: 'configuration', says: /machine\.json/, remedy: /Correct it/, plant: machineFile('{ "server": ') },
  'a locked setting set again': {
    step: 'configuration',
    outcome: 'warning',
    says: /recording\.grayscale/,
    remedy: /unlock/,
    plant: async (world) => {
      await machineFile({ locked: ['recording'] })(world);
      world.env['SRS_RECORDING_GRAYSCALE'] = 'true';
    },
  },
  'a policy that cannot be read': {
    step: 'configuration',
    says: /policies.*broken\.json/,
    remedy: /Correct it/,
    plant: async (world) => void (await world.write('policies/broken.json', '{')),
  },
  'a machine-wide file that everybody may write': {
    step: 'configuration',
    says: /machine\.json/,
    remedy: /Correct it/,
    plant: async (world) => chmod(await world.write('machine.json', {}), 0o666),
  },
  'a CA file that is not there': {
    step: 'configuration',
    says: /rws\.ca/,
    remedy: /Correct it/,
    plant: setting('SRS_RWS_CA', '/none.pem'),
  },
  'a CA file without a certificate': {
    step: 'configuration',
    says: /rws\.ca/,
    remedy: /Correct it/,
    plant: async (world) => void (world.env['SRS_RWS_CA'] = await world.write('empty.pem', 'nothing')),
  },
  'the service switched off': {
    step: 'configuration',
    outcome: 'warning',
    says: /switched off/,
    remedy: /"enabled"/,
    plant: setting('SRS_ENABLED', 'false'),
  },
  'no server': {
    step: 'server',
    says: /every login is refused/,
    remedy: /allowedServers/,
    plant: ({ env }) => void delete env['SRS_SERVER'],
  },
  'a server that each login has to name': {
    step: 'server',
    outcome: 'warning',
    says: /each login must bring one/,
    remedy: /Set server/,
    plant: ({ env }) => {
      delete env['SRS_SERVER'];
      env['SRS_ALLOWED_SERVERS'] = '["rws.example.com"]';
    },
  },
};

const MACHINE: Readonly<Record<string, Fault>> = {
  'a data directory on a disk that cannot be written': {
    step: 'data directory',
    says: /cannot be written: EROFS/,
    remedy: /write access/,
    plant: (world) => {
      world.machine = { ...world.machine, openFolder: () => Promise.reject(errno('EROFS')) };
    },
  },
  'a spool that is no folder': {
    step: 'data directory',
    says: /spool cannot be written/,
    remedy: /write access/,
    plant: ({ data }) => writeFile(dataPaths(data).spool, ''),
  },
  'a full disk': {
    step: 'disk',
    says: /0 MB are free/,
    remedy: /Free some space/,
    plant: (world) => {
      world.machine = { ...world.machine, freeBytes: () => Promise.resolve(0) };
    },
  },
  'a disk that is nearly full': {
    step: 'disk',
    outcome: 'warning',
    says: /1500 MB are free/,
    remedy: /soon/,
    plant: (world) => {
      world.machine = { ...world.machine, freeBytes: () => Promise.resolve(1.5e9) };
    },
  },
  'a locked keychain': {
    step: 'keychain',
    outcome: 'warning',
    says: /not reachable.*log in again/,
    remedy: /unlock the keychain/,
    plant: ({ keychain }) => void (keychain.isReachable = false),
  },
  'a locked keychain where no key may lie in a file': {
    step: 'keychain',
    says: /not reachable/,
    remedy: /unlock the keychain/,
    plant: ({ keychain, env }) => {
      keychain.isReachable = false;
      env['SRS_SPOOL_KEY_FALLBACK'] = 'refuse';
    },
  },
  'a keychain that hangs': {
    step: 'keychain',
    says: /No answer within/,
    remedy: /unlock the keychain/,
    plant: (world) => {
      world.keychain.hangs = new Promise(() => undefined);
      world.limitMs = 1500;
    },
  },
  'another program on the http port': {
    step: 'http port',
    says: /taken by another program of this user/,
    remedy: /http\.port/,
    plant: async (world) => void (world.env['SRS_HTTP_PORT'] = String(await world.listen(createTcp()))),
  },
  'another program on the https port': {
    step: 'https port',
    says: /taken by another program of this user/,
    remedy: /https\.port/,
    plant: async (world) => void (world.env['SRS_HTTPS_PORT'] = String(await world.listen(createTcp()))),
  },
  'an expired certificate of the organisation': {
    step: 'https certificate',
    says: /expired on/,
    remedy: /https\.pfx/,
    plant: async (world) => organisationCertificate(world, pem(await world.issue(days(-60, -1)))),
  },
  'a certificate of the organisation that expires soon': {
    step: 'https certificate',
    outcome: 'warning',
    says: /expires on/,
    remedy: /Renew it/,
    plant: async (world) => organisationCertificate(world, pem(await world.issue(days(-60, 9)))),
  },
  'a certificate from tomorrow on': {
    step: 'https certificate',
    says: /valid from .* only/,
    remedy: /clock/,
    plant: async (world) => organisationCertificate(world, pem(await world.issue(days(1, 60)))),
  },
  'a key of another certificate': {
    step: 'https certificate',
    says: /cannot be used for https/,
    remedy: /https\.\*/,
    plant: async (world) => organisationCertificate(world, { ...pem(await world.issue()), key: pem(await world.issue()).key }),
  },
  'a certificate file that is not there': {
    step: 'https certificate',
    says: /Could not read https\.certificate/,
    remedy: /https\.\*/,
    plant: ({ env }) => void Object.assign(env, { SRS_HTTPS_CERTIFICATE: '/none.pem', SRS_HTTPS_KEY: '/none.key' }),
  },
  'the service’s own certificate, expired': {
    step: 'https certificate',
    says: /expired on/,
    remedy: /certificate renew/,
    plant: async (world) => {
      const files = new OwnCertificateFiles(dataPaths(world.data).certificate);
      await files.writeAuthority(world.authority.certificate);
      await files.writeServer(await world.issue(days(-60, -1)));
    },
  },
  'no display': { step: 'screen', says: /DISPLAY is not set/, remedy: /agent’s session/, plant: (world) => onLinux(world, {}) },
  'a display that is gone': {
    step: 'screen',
    says: /:98765 cannot be opened/,
    remedy: /XAUTHORITY/,
    plant: (world) => onLinux(world, { DISPLAY: ':98765' }),
  },
  'a Wayland session': {
    step: 'screen',
    outcome: 'warning',
    says: /Wayland/,
    remedy: /X11/,
    plant: (world) => onLinux(world, { WAYLAND_DISPLAY: 'wayland-0' }),
  },
  'a rule for windows that this system does not tell': {
    step: 'masks',
    says: /every recording is covered wholly/,
    remedy: /X11/,
    plant: ({ env }) => void Object.assign(env, { SRS_RECORDING_MASKS: '[{"title":"*patient*"}]' }),
  },
  'no Chromium': {
    step: 'browser',
    says: /CHROME_PATH/,
    remedy: /tray application/,
    plant: (world) => {
      world.machine = { ...world.machine, findBrowser: () => findChromium({ CHROME_PATH: join(world.directory, 'none') }) };
    },
  },
  'a program that does not start at login': {
    step: 'start at login',
    outcome: 'warning',
    says: /will not start/,
    remedy: /by hand/,
    plant: async (world) => {
      const env = { XDG_CONFIG_DIRS: join(world.directory, 'xdg') };
      const autoStart = new XdgAutoStart({ env, homeDirectory: world.directory, executable: '/opt/srs', name: 'SRS' });
      await world.write('xdg/autostart/screen-recording-service.desktop', '[Desktop Entry]\n');
      await autoStart.set(false);
      world.machine = { ...world.machine, startsAtLogin: () => autoStart.isOn() };
    },
  },
};

const server =
  (start: (world: DoctorWorld) => Promise<string>): Plant =>
  async (world) => {
    world.env['SRS_SERVER'] = await start(world);
  };
const withCertificate = (issue: (world: DoctorWorld) => Promise<{ cert: string; key: string }>): Plant =>
  server(async (world) => world.startRws(asRws, await issue(world)));
const answering = (status: number, body: string, paths = /./): Plant =>
  server((world) =>
    world.startRws((request, response) => {
      if (paths.test(request.url ?? '')) response.writeHead(status).end(body);
      else asRws(request, response);
    }),
  );
const at =
  (date: Date): typeof asRws =>
  (request, response) => {
    response.setHeader('Date', date.toUTCString());
    asRws(request, response);
  };
const proxy =
  (answer: string): Plant =>
  async (world) => {
    world.env['SRS_RWS_PROXY'] = await world.startProxy(answer);
  };

const WAY: Readonly<Record<string, Fault>> = {
  'a name that nobody knows': {
    step: 'name',
    says: /not known to name resolution/,
    remedy: /way to RWS/,
    plant: (world) => {
      world.machine = { ...world.machine, resolveName: () => Promise.reject(errno('ENOTFOUND')) };
    },
  },
  'nobody at the port': {
    step: 'connection',
    says: /refused the connection/,
    remedy: /firewall/,
    plant: server(async (world) => `https://127.0.0.1:${await world.closedPort()}`),
  },
  'a server that says nothing': {
    step: 'TLS',
    says: /did not answer in time/,
    remedy: /way to RWS/,
    plant: async (world) => {
      world.env['SRS_SERVER'] = `https://127.0.0.1:${await world.startSilent()}`;
      world.env['SRS_RWS_TIMEOUT_SECONDS'] = '1';
    },
  },
  'a certificate of somebody unknown': {
    step: 'TLS',
    says: /whom this computer does not trust/,
    remedy: /way to RWS/,
    plant: withCertificate(async () => {
      const { certificate, key } = await issueAuthority(days(-1, 60));
      return pem(await issueServer({ ...days(-1, 60), authority: certificate, authorityKey: key }));
    }),
  },
  'a certificate for another name': {
    step: 'TLS',
    says: /is the address right/,
    remedy: /way to RWS/,
    plant: withCertificate(async (world) => pem(await world.issue(days(-1, 60), ['localhost']))),
  },
  'a certificate of RWS that expired': {
    step: 'TLS',
    says: /valid from .* clock says/,
    remedy: /Renew the certificate of RWS/,
    plant: withCertificate(async (world) => pem(await world.issue(days(-60, -1)))),
  },
  'a clock that is a day late': {
    step: 'clock',
    says: /24 h behind/,
    remedy: /Set the clock/,
    plant: server((world) => world.startRws(at(new Date(Date.now() + 86_400_000)))),
  },
  'a clock that makes a good certificate look expired': {
    step: 'clock',
    says: /100 days ahead of/,
    remedy: /Set the clock/,
    plant: server(async (world) => {
      return world.startRws(at(new Date(Date.now() - 100 * 86_400_000)), pem(await world.issue(days(-200, -50))));
    }),
  },
  'a clock that is two minutes off': {
    step: 'clock',
    outcome: 'warning',
    says: /2 min ahead/,
    remedy: /Set the clock/,
    plant: server((world) => world.startRws(at(new Date(Date.now() - 130_000)))),
  },
  'no TLS at the port': {
    step: 'TLS',
    says: /does not speak TLS/,
    remedy: /way to RWS/,
    plant: server(async (world) => `https://127.0.0.1:${await world.startPlain()}`),
  },
  'plain http': {
    step: 'TLS',
    outcome: 'warning',
    says: /unprotected/,
    remedy: /https address/,
    plant: server(async (world) => `http://127.0.0.1:${await world.startPlain()}`),
  },
  'a proxy that asks for a login': {
    step: 'proxy',
    says: /asks for a login \(Negotiate\): 407/,
    remedy: /without a login/,
    plant: proxy('407 Proxy Authentication Required\r\nProxy-Authenticate: Negotiate'),
  },
  'a proxy that does not let through': {
    step: 'proxy',
    says: /does not connect to .*: 403/,
    remedy: /NO_PROXY/,
    plant: proxy('403 Forbidden'),
  },
  'a proxy that is not there': {
    step: 'proxy',
    says: /The proxy .* refused the connection/,
    remedy: /rws\.proxy/,
    plant: async (world) => void (world.env['SRS_RWS_PROXY'] = `http://127.0.0.1:${await world.closedPort()}`),
  },
  'a portal in the way': { step: 'version', says: /this is not RWS/, remedy: /portal/, plant: answering(200, '<html>Sign in</html>') },
  'an RWS out of order': { step: 'version', says: /503.*out of order/, remedy: /load balancer/, plant: answering(503, 'busy') },
  'a version at another path': {
    step: 'version',
    outcome: 'warning',
    says: /404/,
    remedy: /rws\.paths\.version/,
    plant: answering(404, '', /version/),
  },
  'notifications that a load balancer does not know': {
    step: 'CometD',
    says: /404.*commands cannot arrive/,
    remedy: /long polls/,
    plant: answering(404, '<html>', /handshake/),
  },
};

const FAULTS = Object.entries({ ...CONFIGURATION, ...MACHINE, ...WAY }).map(([name, fault]) => ({ name, ...fault }));

describe('a fault planted on a computer without others', () => {
  let world: DoctorWorld;

  beforeEach(async () => (world = await DoctorWorld.create()));
  afterEach(() => world.dispose());

  const complaints = (steps: readonly StepResult[]): string[] =>
    steps
      .filter(({ outcome }) => outcome === 'failed' || outcome === 'warning')
      .map(({ name, outcome, text }) => `${outcome} ${name}: ${text}`);

  it('none: nothing is complained of, and every step is made but that for which nothing is configured', async () => {
    const steps = await world.examine();
    expect(complaints(steps)).toEqual([]);
    expect(steps.filter(({ outcome }) => outcome !== 'ok').map(({ name }) => name)).toEqual(['masks']);
  });

  it.each(FAULTS)('$name: the doctor names it, and it alone', async ({ step, says, remedy, outcome = 'failed', plant }) => {
    await plant(world);
    const steps = await world.examine();
    expect(complaints(steps)).toHaveLength(1);
    const named = steps.find(({ name }) => name === step || name.endsWith(`: ${step}`));
    expect(named).toMatchObject({ outcome, text: expect.stringMatching(says), remedy: expect.stringMatching(remedy) });
    for (const { followsFrom = named?.name, text } of steps.filter((each) => each.followsFrom)) {
      expect(followsFrom).toBe(named?.name);
      expect(text).toContain(`follows from “${named?.name}”`);
    }
  });

  it('the real command prints it, what to do and what follows, and ends with 1', async () => {
    const port = await world.closedPort();
    const server = `https://127.0.0.1:${port}`;
    const command = startSrs(['doctor'], { ...world.env, SRS_SERVER: server, HOME: world.directory, DISPLAY: undefined });
    expect(await command.exited).toBe(1);
    expect(command.stdout()).toMatch(new RegExp(`FAILED {3}127\\.0\\.0\\.1:${port}: connection: .*\n +-> Check`));
    expect(command.stdout()).toContain(`CometD: Not looked at: this follows from “127.0.0.1:${port}: connection”.`);
  });
});
