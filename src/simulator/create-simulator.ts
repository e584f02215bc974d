import { join } from 'node:path';
import { silentLogger } from '../lib/logger';
import { Accounts } from './accounts';
import { Activity } from './activity';
import { createControlApp } from './control-server/create-control-app';
import { createDesktopApp } from './desktop-server/create-desktop-app';
import { FaultBoard } from './faults/fault-board';
import { HttpListener } from './http/http-listener';
import { MediaStore } from './media-store';
import { DEFAULT_UPLOAD_MANNERS, type DataCentreName, type SimulatorAddresses, type SimulatorOptions } from './options';
import { DataCentre } from './rws/data-centre';
import { SimulatorControl } from './simulator-control';
import { StrictSwitches } from './strict-switches';
import { omitUndefined } from '../shared/omit-undefined';

export interface Simulator {
  /** Resolves when everything listens. Throws `AppError` `portTaken`; nothing is left open then. Memoised. */
  start(): Promise<SimulatorAddresses>;
  /** Cuts every connection. Memoised, safe in any state. */
  stop(): Promise<void>;
  readonly control: SimulatorControl;
  /** Tells the example agent desktop where the Screen Recording Service is. */
  setSrsUrl(url: string): void;
}

const DEFAULT_SRS_URL = 'http://127.0.0.1:8080';

/** An RWS for trials, demonstrations and tests: rws.md as a server, a control page, an example agent desktop. Loopback only. */
export function createSimulator(options: SimulatorOptions): Simulator {
  const log = options.log ?? silentLogger;
  const pages = options.pagesDirectory ?? join(__dirname, 'simulator');
  const activity = new Activity();
  const changed = (): void => activity.changed();
  const store = new MediaStore(options.storage);
  const accounts = new Accounts(options.accounts);
  const faults = new FaultBoard(changed, options.random);
  const strict = new StrictSwitches(options.strict ?? {}, changed);
  const manners = { ...DEFAULT_UPLOAD_MANNERS, ...options.uploads };
  const open = (name: DataCentreName, port: number): DataCentre =>
    new DataCentre({ name, port, options, accounts, activity, store, faults, strict: () => strict.modes, manners, log });
  const primary = open('primary', options.port ?? 0);
  const peer = options.isPair ? open('peer', options.peerPort ?? 0) : undefined;
  const dataCentres = peer === undefined ? [primary] : [primary, peer];
  const control = new SimulatorControl({ dataCentres, accounts, activity, store, faults, strict });
  let srsUrl = options.srsUrl ?? DEFAULT_SRS_URL;

  const controlApp = createControlApp({
    control,
    pageDirectory: join(pages, 'control'),
    screen: options.screen,
    log: log.child('simulator-control'),
  });
  const controlListener = new HttpListener(controlApp, { port: options.controlPort ?? 0 });
  const desktopApp = createDesktopApp({
    pageDirectory: join(pages, 'desktop'),
    addresses: () => ({ srs: srsUrl, server: primary.origin, ...omitUndefined({ peer: peer?.origin }) }),
  });
  const desktopListener = new HttpListener(desktopApp, { port: options.desktopPort ?? 0 });

  const closeAll = async (): Promise<void> => {
    await Promise.all([desktopListener.close(), controlListener.close(), ...dataCentres.map((dataCentre) => dataCentre.stop())]);
  };
  const openAll = async (): Promise<SimulatorAddresses> => {
    await store.open();
    const server = await primary.start();
    const peerOrigin = await peer?.start();
    const addresses = { server, control: await controlListener.open(), desktop: await desktopListener.open() };
    return peerOrigin === undefined ? addresses : { ...addresses, peer: peerOrigin };
  };

  let started: Promise<SimulatorAddresses> | undefined;
  let stopped: Promise<void> | undefined;
  return {
    control,
    setSrsUrl: (url) => {
      srsUrl = url;
    },
    start: () => {
      started ??= openAll().catch(async (error: unknown) => {
        await closeAll();
        throw error;
      });
      return started;
    },
    stop: () => {
      stopped ??= (started ?? Promise.resolve()).then(closeAll, closeAll);
      return stopped;
    },
  };
}
