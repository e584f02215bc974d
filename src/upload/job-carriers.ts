import type { UploadConfiguration } from '../config/schema';
import { describePair } from '../shared/server-pair';
import type { SpoolJob } from '../spool/ports';
import type { JobOwner, UploadLogins } from './ports';
import { waitsForAgent, type Uploader, type UploadTrouble } from './uploader';
import type { UploadBlock, UploadBlocks, UploadEntry } from './upload-state';

export interface JobCarriersDeps {
  readonly logins: UploadLogins;
  readonly uploader: Pick<Uploader, 'blockOf' | 'troubleOf'>;
  readonly config: Pick<UploadConfiguration, 'byAnyAgent'>;
}

/** Which jobs a login can carry now, and what keeps the others from it. */
export class JobCarriers {
  readonly #deps: JobCarriersDeps;

  constructor(deps: JobCarriersDeps) {
    this.#deps = deps;
  }

  blocksOf(entries: readonly UploadEntry[]): UploadBlocks {
    return new Map(
      entries.flatMap(({ job }) => {
        const block = this.#blockOf(job);
        return block === undefined ? [] : [[job.mediaId, block] as const];
      }),
    );
  }

  /** What has kept the login that would carry the job from it for a while. */
  troubleOf(job: SpoolJob): UploadTrouble | undefined {
    const { logins, uploader } = this.#deps;
    const login = logins.find(job);
    return login === undefined ? undefined : uploader.troubleOf(login, job);
  }

  #blockOf(job: SpoolJob): UploadBlock | undefined {
    const { logins, uploader, config } = this.#deps;
    const login = logins.find(job);
    if (login === undefined) return { reason: waitReason(job, config) };
    if (job.ownAgentOnly === true && !login.isOwn) return waitsForAgent(job);
    return uploader.blockOf(login, job);
  }
}

function waitReason({ userName, servers }: JobOwner, { byAnyAgent }: JobCarriersDeps['config']): string {
  const where = servers === undefined ? 'a configured recording server' : describePair(servers);
  return `Waits for ${byAnyAgent ? 'an agent' : userName} to sign in at ${where}.`;
}
