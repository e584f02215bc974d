import 'cometd';

/** The parts of the `cometd` core that its own types leave out. */
declare module 'cometd' {
  interface BayeuxPacket {
    readonly url: string;
    /** A JSON array of Bayeux messages. */
    readonly body: string;
    onSuccess(messages: readonly Message[]): void;
    onError(reason: string, exception?: unknown): void;
  }

  interface XhrLike {
    readonly readyState: number;
    readonly status: number;
    abort(): void;
  }

  class LongPollingTransport implements Transport {
    readonly type: string;
    url: string;
    accept(version: string, crossDomain: boolean, url: string): boolean;
    abort(): void;
    xhrSend(packet: BayeuxPacket): XhrLike;
  }

  interface FailureInfo {
    cause: 'negotiation' | 'failure' | 'unsuccessful';
    action: 'none' | 'retry' | 'handshake';
    delay?: number;
    transport: Transport | null;
  }

  interface Message {
    failure?: { readonly exception?: unknown; readonly reason?: string; readonly httpCode?: number };
  }

  interface CometD {
    /** Decides what follows a failed handshake or connect; the handler carries it out. */
    onTransportFailure(message: Message, info: FailureInfo, handler: (info: FailureInfo) => void): void;
    receive(message: Message): void;
  }
}
