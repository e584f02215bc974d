import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { FileStore } from '@tus/file-store';
import { Server, type ServerOptions } from '@tus/server';
import type { RequestHandler, Response } from 'express';
import { removeFile } from '../../lib/held-files';
import { RWS_STATUS } from '../../shared/rws-error';
import type { AgentIdentity } from '../accounts';
import { isValidId } from '../media-store';
import { acceptMedia, ALREADY_EXISTS, refuseMetadata, Refusal, type UploadDeps } from './accept-media';
import { agentOf } from './authentication';
import { parseMetadata, type ReceivedMetadata } from './upload-metadata';

type TusRequest = Parameters<NonNullable<ServerOptions['onIncomingRequest']>>[0];
type TusMetadata = Readonly<Record<string, string | null>> | undefined;

/** Takes recordings over tus 1.0 (rws.md, *Upload*). Half-received ones wait beside the others in the storage. */
export class ResumableUploads {
  readonly #deps: UploadDeps;
  readonly #directory: string;
  readonly #server: Server;

  constructor(deps: UploadDeps) {
    this.#deps = deps;
    this.#directory = join(deps.store.incomingDirectory, `tus-${deps.dataCentre}`);
    this.#server = new Server({
      path: '/',
      // Below the path it was asked at, which names the contact centre.
      generateUrl: (request, { id }) => `${new URL(request.url).pathname.replace(/\/$/, '')}/${id}`,
      datastore: new FileStore({ directory: this.#directory }),
      maxSize: () => Promise.resolve(deps.strict().maxUploadBytes),
      onUploadCreate: (request, upload) => {
        const metadata = this.#metadataFor(upload.metadata, identityOf(request));
        if (metadata instanceof Refusal) throw new TusRefusal(metadata);
        return Promise.resolve({});
      },
      onUploadFinish: (request, upload) => this.#finish(identityOf(request), upload.id, upload.metadata),
    });
  }

  async open(): Promise<void> {
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
  }

  get handler(): RequestHandler {
    return (request, response, next) => {
      this.#server.handle(request, response).catch(next);
    };
  }

  async #finish(
    agent: AgentIdentity,
    uploadId: string,
    tusMetadata: TusMetadata,
  ): Promise<{ status_code: number; headers: Record<string, string>; body: string }> {
    const metadata = this.#metadataFor(tusMetadata, agent);
    if (metadata instanceof Refusal) throw new TusRefusal(metadata);
    const temporaryPath = join(this.#directory, uploadId);
    const media = { temporaryPath, ...(await measure(temporaryPath)) };
    const outcome = await acceptMedia(this.#deps, agent, { metadata, media });
    await removeFile(`${temporaryPath}.json`);
    if (outcome instanceof Refusal) throw new TusRefusal(outcome);
    const body = JSON.stringify({ statusCode: RWS_STATUS.ok, sha256: outcome.sha256, size: String(outcome.size) });
    return { status_code: 200, headers: { 'Content-Type': 'application/json' }, body };
  }

  #metadataFor(tusMetadata: TusMetadata, agent: AgentIdentity): ReceivedMetadata | Refusal {
    const metadata = parseMetadata(tusMetadata?.['metadata'] ?? '', this.#deps.manners.mediaIdSuffix);
    const invalid = (statusMessage: string): Refusal => new Refusal(400, RWS_STATUS.parameterInvalid, statusMessage);
    if (typeof metadata === 'string') return invalid(metadata);
    const { mediaId } = metadata.mediaFiles[0];
    if (tusMetadata?.['filename'] !== `${mediaId}${this.#deps.manners.mediaIdSuffix}`) return invalid('filename has to be the media id');
    if (!isValidId(metadata.id) || !isValidId(mediaId)) return invalid('Invalid id');
    if (this.#deps.store.has(mediaId)) return ALREADY_EXISTS;
    return refuseMetadata(metadata, agent, this.#deps.strict()) ?? metadata;
  }
}

/** The agent whose login carries the request: found by the Express answer that belongs to it. */
function identityOf(request: TusRequest): AgentIdentity {
  const response = request.runtime?.node?.res as unknown as Response | undefined;
  if (response === undefined) throw new Error('a tus request without its Node answer');
  return agentOf(response);
}

async function measure(path: string): Promise<{ size: number; sha256: string }> {
  const hash = createHash('sha256');
  let size = 0;
  await pipeline(createReadStream(path), async (chunks: AsyncIterable<Buffer>) => {
    for await (const chunk of chunks) {
      size += chunk.length;
      hash.update(chunk);
    }
  });
  return { size, sha256: hash.digest('hex') };
}

/** What the package takes as a refusal: thrown, with these two names. */
class TusRefusal extends Error {
  readonly status_code: number;
  readonly body: string;

  constructor({ httpStatus, statusCode, statusMessage }: Refusal) {
    super(statusMessage);
    this.status_code = httpStatus;
    this.body = JSON.stringify({ statusCode, statusMessage });
  }
}
