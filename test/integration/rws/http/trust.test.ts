import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { createTrust, type GetCaCertificates, type TrustOptions } from '../../../../src/rws/http/trust';
import { issueLoopbackCertificate, type LoopbackCertificate } from '../../../support/loopback-certificate';

const DAMAGED = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----';

describe('whom the way to RWS trusts', () => {
  let folder: string;
  let certificate: LoopbackCertificate;
  let server: Server;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'srs-trust-'));
    certificate = await issueLoopbackCertificate();
    server = createServer(certificate).on('tlsClientError', () => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    await new Promise((resolve) => server.close(resolve));
    await rm(folder, { recursive: true, force: true });
  });
  afterEach(() => void delete process.env['NODE_EXTRA_CA_CERTS']);

  async function file(bytes: string | Uint8Array): Promise<string> {
    const path = join(folder, 'ca');
    await writeFile(path, bytes);
    return path;
  }

  /** @returns whether the server's certificate holds, and what was left out */
  async function meet(options: TrustOptions): Promise<{ readonly isTrusted: boolean; readonly leftOut: readonly string[] }> {
    const leftOut: string[] = [];
    const secureContext = await createTrust({ ...options, onLeftOut: (what) => leftOut.push(what) });
    const { port } = server.address() as AddressInfo;
    const isTrusted = await new Promise<boolean>((resolve) => {
      const socket = connect({ host: '127.0.0.1', port, secureContext, rejectUnauthorized: false }, () => {
        resolve(socket.authorized);
        socket.destroy();
      });
    });
    return { isTrusted, leftOut };
  }

  const lists =
    (given: { default?: () => readonly string[]; system?: () => readonly string[] }): GetCaCertificates =>
    (type) =>
      given[type]?.() ?? [];
  const broken = (): never => {
    throw Object.assign(new Error('PEM routines::no start line'), { code: 'ERR_OSSL_PEM_NO_START_LINE' });
  };

  it('takes each source by itself', async () => {
    const good = (): readonly string[] => [certificate.ca];
    const spoilt = (): readonly string[] => [DAMAGED, certificate.ca];
    expect(await meet({ getCertificates: lists({ default: good, system: broken }) })).toEqual({
      isTrusted: true,
      leftOut: ['the system certificates as a whole (PEM routines::no start line)'],
    });
    expect(await meet({ getCertificates: lists({ default: broken, system: good }) })).toMatchObject({
      isTrusted: true,
      leftOut: [expect.any(String)],
    });
    expect(await meet({ getCertificates: lists({ system: spoilt }) })).toEqual({
      isTrusted: true,
      leftOut: ['1 of the system certificates, which cannot be read'],
    });
    expect(await meet({ getCertificates: lists({ default: spoilt, system: broken }) })).toMatchObject({ isTrusted: true });
    const caFile = await file(certificate.ca);
    expect(await meet({ caFile, getCertificates: broken })).toMatchObject({ isTrusted: true });
    expect(await meet({ getCertificates: broken })).toMatchObject({ isTrusted: false });
  });

  it('reads rws.ca in PEM and DER, with whatever byte order mark', async () => {
    const utf16 = Buffer.from(`\uFEFF${certificate.ca}`, 'utf16le');
    const other = await issueLoopbackCertificate();
    const forms = {
      PEM: certificate.ca,
      'PEM after a byte order mark': `\uFEFF${certificate.ca}`,
      'PEM in UTF-16 LE': utf16,
      'PEM in UTF-16 BE': Buffer.from(utf16).swap16(),
      'PEM with Windows line ends': certificate.ca.replace(/\n/g, '\r\n'),
      'a bundle with words between': Buffer.from(`Müller CA\n${other.ca}\n# next\n${certificate.ca}`, 'latin1'),
      DER: new X509Certificate(certificate.ca).raw,
    };
    for (const getCertificates of [undefined, lists({})]) {
      for (const [form, bytes] of Object.entries(forms)) {
        expect({ form, ...(await meet({ caFile: await file(bytes), getCertificates })) }).toEqual({ form, isTrusted: true, leftOut: [] });
      }
    }
  });

  it('is told by no file of rws.ca that is not good, and names the fault without a path', async () => {
    const bad: readonly [string | Uint8Array | undefined, string][] = [
      [undefined, 'cannot be read (ENOENT)'],
      ['', 'holds no certificate'],
      ['nonsense', 'holds no certificate'],
      [certificate.key, 'holds no certificate'],
      [`${certificate.ca}${DAMAGED}`, 'holds a certificate that is damaged (number 2)'],
      [new X509Certificate(certificate.ca).raw.subarray(0, 100), 'holds no certificate'],
    ];
    for (const [bytes, fault] of bad) {
      const caFile = bytes === undefined ? join(folder, 'none') : await file(bytes);
      await expect(createTrust({ caFile })).rejects.toMatchObject({
        code: 'configuration',
        message: `The CA file named in rws.ca ${fault}; allowed: a file with certificates in PEM, or with one in DER.`,
      });
    }
  });

  it('reads NODE_EXTRA_CA_CERTS beside rws.ca, and can do without it', async () => {
    const other = await issueLoopbackCertificate();
    const caFile = join(folder, 'own');
    await writeFile(caFile, other.ca);
    process.env['NODE_EXTRA_CA_CERTS'] = await file(`${DAMAGED}\n${certificate.ca}`);
    expect(await meet({ caFile, getCertificates: undefined })).toEqual({
      isTrusted: true,
      leftOut: ['1 of the file of NODE_EXTRA_CA_CERTS, which cannot be read'],
    });
    process.env['NODE_EXTRA_CA_CERTS'] = join(folder, 'none');
    expect(await meet({ caFile, getCertificates: undefined })).toEqual({
      isTrusted: false,
      leftOut: ['the file of NODE_EXTRA_CA_CERTS (ENOENT)'],
    });
  });
});
