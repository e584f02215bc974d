import type { Random } from '../lib/backoff';
import type { Logger } from '../lib/logger';

/** One agent the simulator knows. */
export interface Account {
  readonly userName: string;
  readonly password: string;
  readonly firstName?: string;
  readonly lastName?: string;
  /** All accounts belong to one contact centre unless said otherwise. */
  readonly contactCenterId?: string;
  /** Accepts this account's Basic credentials as Latin-1 only; otherwise as UTF-8 only. */
  readonly isLatin1?: boolean;
}

export type DataCentreName = 'primary' | 'peer';

/** Peculiarities of a real installation that can be switched on and off while the simulator runs. */
export interface StrictModes {
  /** Every POST, PUT, PATCH and DELETE must carry the CSRF token; every answer names it. */
  readonly csrf: boolean;
  /** Every request but `GET me` must carry all cookies that were set. */
  readonly cookies: boolean;
  /** The HTTP session ends this long after the last `GET me` with Basic; 0 = never. */
  readonly sessionSeconds: number;
  /** `false`: the report path answers 404. */
  readonly reports: boolean;
  /** `true`: an upload of another agent's recording is answered with 403, 3. */
  readonly ownUploadsOnly: boolean;
  /** Largest upload in bytes, beyond it 413; 0 = any. */
  readonly maxUploadBytes: number;
}

export const DEFAULT_STRICT_MODES: StrictModes = {
  csrf: false,
  cookies: false,
  sessionSeconds: 0,
  reports: true,
  ownUploadsOnly: false,
  maxUploadBytes: 0,
};

/** How this server takes uploads, where real ones may differ (rws.md, *Upload*). */
export interface UploadManners {
  readonly metadataPart: string;
  readonly mediaPart: string;
  /** What every media id ends in, in path, file name and metadata. */
  readonly mediaIdSuffix: '' | '.mp4';
  /** How success is told: an envelope, JSON without one, or a text that is no JSON. */
  readonly answer: 'statusCode0' | 'json' | 'text';
  /** `false`: HEAD of a video is answered with 405. */
  readonly head: boolean;
}

export const DEFAULT_UPLOAD_MANNERS: UploadManners = {
  metadataPart: 'metadata',
  mediaPart: 'media',
  mediaIdSuffix: '',
  answer: 'statusCode0',
  head: true,
};

/** What the Bayeux server advises and keeps to, in milliseconds. */
export interface BayeuxTimes {
  /** How long a poll is held open. */
  readonly timeout: number;
  /** How long a client waits between polls. */
  readonly interval: number;
  /** How long a session without a poll lives beyond `interval`. */
  readonly maxInterval: number;
}

export interface SimulatorOptions {
  readonly accounts: readonly Account[];
  /** Folder of the received recordings; made if it is not there. */
  readonly storage: string;
  /** 0, the default, means any free port, here and below. */
  readonly port?: number;
  readonly peerPort?: number;
  readonly controlPort?: number;
  readonly desktopPort?: number;
  /** Two data centres: `start()` gives `peer` too. */
  readonly isPair?: boolean;
  /** Offers tus uploads. */
  readonly isResumable?: boolean;
  readonly strict?: Partial<StrictModes>;
  readonly uploads?: Partial<UploadManners>;
  readonly bayeux?: Partial<BayeuxTimes>;
  /** Serves RWS over TLS; control and desktop stay on http. PEM texts. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** The Screen Recording Service the example agent desktop talks to; may come later through `setSrsUrl`. */
  readonly srsUrl?: string;
  /** Folder with `control/` and `desktop/` as built; default: `simulator` beside the running bundle. */
  readonly pagesDirectory?: string;
  /** What the agent's screen shows now, as PNG: the control page then shows it live. */
  readonly screen?: () => Promise<Buffer>;
  readonly log?: Logger;
  /** For faults that strike a part of the requests. */
  readonly random?: Random;
}

/** Origins without a trailing slash. */
export interface SimulatorAddresses {
  readonly server: string;
  readonly control: string;
  readonly desktop: string;
  readonly peer?: string;
}
