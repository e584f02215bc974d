import type { RwsHttp } from '../rws/ports';

/** Where a resumable upload goes on. The queue's state has it, and nobody else. */
export interface ResumePoint {
  readonly tusUrl: string | undefined;
  /** @param tusUrl `undefined`: the upload is gone from the server */
  move(tusUrl: string | undefined): void;
}

/** An address of this server, and of no other: the other data centre knows nothing of it, and the credentials go there. */
export function ownUrl({ server }: RwsHttp, { tusUrl }: ResumePoint): string | undefined {
  return tusUrl?.startsWith(`${server}/`) === true ? tusUrl : undefined;
}
